"""How the printed rule book looks: A4, black on white, nothing from outside, a rule kept together where it fits."""

STYLE = """
@page { size: A4; margin: 16mm 15mm 18mm }
@page { @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt } }
* { box-sizing: border-box }
body { font: 9.5pt/1.4 "Liberation Serif", Georgia, "Times New Roman", serif; color: #111 }
body { margin: 0 auto; max-width: 180mm }
h1, h2, h3, h4, th, .tag, .kind, .lead, .id { font-family: "Liberation Sans", Arial, Helvetica, sans-serif }
h1 { font-size: 18pt; margin: 0 0 2mm; line-height: 1.2 }
h2 { font-size: 13pt; margin: 8mm 0 3mm; padding-bottom: 1mm; border-bottom: 1.5pt solid #111; break-after: avoid }
h3 { font-size: 11pt; margin: 0 0 1.5mm; break-after: avoid }
h4 { font-size: 8.5pt; margin: 2.5mm 0 0.5mm; break-after: avoid }
p { margin: 0 0 2mm }
ul { margin: 0 0 1.5mm; padding-left: 4.5mm }
.lead { font-size: 9pt; color: #333 }
.grey { color: #555 }
.note { font-size: 8.5pt }
.id { display: inline-block; min-width: 12mm }
.kind { font-size: 7.5pt; font-weight: normal; color: #555; border: 0.5pt solid #777 }
.kind { padding: 0 1.2mm; margin-left: 1.5mm }
.tags { display: grid; grid-template-columns: 9mm 1fr; margin: 2mm 0 3mm; font-size: 8.5pt }
.tags dt { font-weight: bold } .tags dd { margin: 0 }
section { border-top: 0.75pt solid #111; padding: 3mm 0 2mm; margin-top: 4mm; break-inside: avoid }
table { border-collapse: collapse; width: 100%; font-size: 8.5pt; line-height: 1.32 }
th { text-align: left; font-weight: bold; font-size: 7.8pt }
td, th { vertical-align: top; padding: 0.8mm 2mm 0.8mm 0 }
thead { display: table-header-group }
tr { break-inside: avoid }
.facts { margin-bottom: 1.5mm } .facts th { width: 26mm }
.citations { border-top: 0.5pt solid #999; table-layout: fixed }
.citations td, .citations th { border-bottom: 0.5pt solid #ccc; overflow-wrap: break-word }
.citations th:nth-child(1), .citations td:nth-child(1) { width: 19mm }
.citations th:nth-child(2), .citations td:nth-child(2) { width: 66mm }
.citations th:nth-child(4), .citations td:nth-child(4) { width: 38mm; font-size: 7.8pt }
.next th:nth-child(1), .next td:nth-child(1) { width: 7mm } .next th:nth-child(2), .next td:nth-child(2) { width: 66mm }
.next th:nth-child(4), .next td:nth-child(4) { width: 40mm }
.copies th:nth-child(1), .copies td:nth-child(1) { width: 6mm }
.copies th:nth-child(2), .copies td:nth-child(2) { width: 70mm }
.copies th:nth-child(4), .copies td:nth-child(4) { width: 27mm }
.tests th:nth-child(1), .tests td:nth-child(1) { width: 15mm }
.tests th:nth-child(2), .tests td:nth-child(2) { width: 44mm }
.tests th:nth-child(4), .tests td:nth-child(4) { width: 33mm; font-size: 7.8pt }
.tests th:nth-child(5), .tests td:nth-child(5) { width: 29mm }
.tag { font-size: 7.5pt; font-weight: bold; padding: 0 1mm; border: 0.75pt solid #111 }
.tag.unsure { background: #111; color: #fff }
a { color: #1a3d7c; text-decoration: none; font-size: 7.2pt; overflow-wrap: anywhere }
.sign { margin-top: 3mm; break-inside: avoid; font-size: 8.5pt } .sign span { margin-right: 8mm }
.lines { display: grid; grid-template-columns: 2fr 2fr 1fr; gap: 6mm; margin-top: 8mm }
.lines span { border-top: 0.5pt solid #111; margin: 0; padding-top: 0.5mm; font-size: 7.5pt; color: #555 }
.page { break-before: page }
.together { break-inside: avoid }
@media screen { body { padding: 10mm } }
"""
