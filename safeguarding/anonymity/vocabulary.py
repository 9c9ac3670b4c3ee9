"""
Words that begin with a capital in every report and point at nobody: of the law, of bodies there are everywhere.

A plain list of this product's own, against false alarms: a name that is one of them is found by other rules, if at all.
"""

from __future__ import annotations

_OF_REPORTS = """
safeguard safeguards multi profile single sub whole
abstract acknowledgements acronyms action actions addendum agreed analysis annex annexe annual appendices appendix
approach assurance author authors background board case chair chairs chapter child children chronology coda
conclusion conclusions confidential contents context contributor contributors copy date definitions director draft
episode episodes evidence example executive expected facilitator family father figure final finding findings
foreword framework genogram glossary group groups impact implementation improvement independent individual
introduction issue key lead learning lesson lessons limitations manager meeting meetings member members methodology
methods model mother narrative note objectives official outcome outcomes overview page panel paragraph parents part
partner partners period phase plan practice practitioner practitioners principle principles priority process
professional professionals programme progress publication published purpose question questions rationale
recommendation recommendations record references report reports research response responses review reviewer
reviewers reviews scope section sections sensitive serious sibling siblings source sources standard standards
statement strategic strategy structure subject subjects summary system systems table terms theme themes timeline
title toolkit version volume appendix relevant contemporary contributory systemic quality marker markers cycle
milestone milestones subsection
"""
_OF_THE_LAW = """
act acts adult adults approved article assessment assessments authority authorities best bill capacity care
children's childrens code commissioner committee common conference convention core court courts crown department
deprivation digital duty early education elderly emergency england english equality european family's foreign
framework freedom government green guidance guideline health help her high his home homes house human hub in-need
information inspectorate inspection interests investigation judge judicial justice law legal liberty local
magistrates majesty's mental minister ministry multi-agency national need needs nhs nursing office officer order
orders parliament paper parole pathway people person plans policy powers primary principal procedures programmes
protection protocol protocols public regulation regulations regulator rights royal safeguarding sar schedule scheme
school schools scotland secretary secondary section service services single social special state statutory
supervision support tribunal united kingdom wales welfare white working together youth britain british northern
ireland irish european union uk
"""
_OF_BODIES = """
academy accident administration advocacy advocate agencies agency alcohol alliance ambulance association borough
cafcass camhs centre charity city clinic clinical college commission commissioning community consortium constabulary
coroner coroner's coroners council county custody cqc departments dietetics directorate district division doctor
domestic drug drugs emergency engagement fire force foundation forum general gp gps headteacher hospital hospitals
housing institute integrated intensive intelligence maternity medical medicine midwife midwifery midwives named
network neonatal neuroscience nurse nurses nursery obstetric ofsted operations organisation outreach paediatric
paediatrician paediatricians partnership partnerships perinatal pharmacy police practice practices presenting prison
probation prosecution provider providers psychiatric psychiatry psychology refuge region regional rescue residential
safety sector senior specialist sendco senco special station surgery team teams trading transport triage trust
trusts unit universal university victim voluntary ward women's working workers worker visitor visitors visiting
visits social substance misuse sexual health abuse violence exploitation neglect missing transition transitions
liaison designated doctor responsible clinician consultant registrar matron
"""
_OF_WAYS_OF_WORKING = """
assets aware benefit benefits bruising child's circle clare's claire's claire clare confidence contextual continuous
countering cumulative curiosity data day dear decision decisions disclosure disguised compliance door duties easy
every everybody everyone everything first front fundamental gillick fraser competence graded guardian guardianship
harm hidden hear hearing homelessness honour hope identification identified immediate improving initial injury
intelligent joint joined knife lasting leave leaving level listening looked low making matters matter minimum
minutes mobile moderate monitoring named neglectful never non-accidental non on one online open operation outcomes
own parental parenting peer performance personal position post pre prevent prevention pre-birth preventing priority
private project raising rapid reachable read reasonable recent reflective referral referrals register relationship
reporting resolution respect restorative right risk risks routine safe safer second sequential serious severe
sharing signs signposting significant skills spotlight stage stop strengthening strengths stronger structured
supporting task tasks team's teenage test think third thresholds threshold time tool training trauma trauma-informed
trio toxic two understanding unborn update urgent value values victims view voice voices vulnerable walk we what
when where who whole why window wishes feelings women word words world year years young zero christian christmas
easter bank holiday internet microsoft teams excel google facebook instagram snapchat tiktok whatsapp youtube
twitter zoom covid coronavirus pandemic lockdown brexit new incident incidents discussion discussions enquiry
enquiries inquiry point points behind business harmful consideration considerations opportunity opportunities
barrier barriers challenge challenges culture cultural language race religion identity diversity inclusion
intersectionality adultification lived experience experiences adverse childhood attachment recognition leadership
workforce governance audit audits dataset datasets triage escalation continuum matrix indicator indicators tools
chronologies genogram genograms conflict postnatal antenatal infant infants babies toddler adolescent adolescents
adolescence remand bail offender offenders offending mental-health perpetrator perpetrators victimisation
radicalisation stalking coercive controlling behaviour behaviours consent competency literacy interpreter
interpreters translation engagement trust building communication communications recording records caseload caseloads
capacity resources resource commissioning provision provider contact contacts arrangements arrangement
lessons-learned rationale decision-making deprivation poverty debt housing tenancy landlord landlords allegation
allegations complaint complaints concern concerns alert alerts handover discharge admission ward wards pressure
ulcer ulcers self-neglect hoarding falls medication wellbeing well-being equalities accessible outreach befriending
carer carers caring sibling kinship fostering foster adoption residential placement placements permanence
sufficiency corporate parent leaver leavers graduate graduates seconded lead leads designated operational tactical
gold silver bronze command cell surprise surprises
"""
_SMALL_WORDS = """
a about above after again all almost also although always am among an and another any are as at away back be became
because been before began being below between both but by came can cannot could did do does done down during each
either else ever few followed following for found from further gave given go had has have he hers herself him
himself how however i if in indeed instead into is it its itself just knew known last later least less like little
made many may me meanwhile might mine more most much must my myself neither next no nobody none nor nothing now of
off often once only or other others our ours out over per perhaps possibly rather same saw seen several shall she
should since so some somebody someone sometimes soon still such than that the their theirs them then there therefore
these they this those though three through throughout thus to together too toward towards under until up upon us use
used using very via was were whatever whether which while whilst will with within without would yes yet you your
yours yourself despite given including regarding unless unlike four five six seven eight nine ten eleven twelve dear
mr mrs ms miss mx dr prof professor sir dame lord lady baby boy girl man woman uncle aunt auntie nan grandmother
grandfather grandparents stepfather stepmother brother sister mum dad mam mummy daddy
"""
_OF_TIME = """
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
october november december jan feb mar apr jun jul aug sept sep oct nov dec mon tue tues wed thu thur thurs fri sat
sun spring summer autumn winter
"""

SMALL_WORDS = frozenset(_SMALL_WORDS.split())
"""Words that hold a sentence together, and forms of address."""
GENERIC = frozenset(
    " ".join((_OF_REPORTS, _OF_THE_LAW, _OF_BODIES, _OF_WAYS_OF_WORKING, _SMALL_WORDS, _OF_TIME))
    .replace("'", "")
    .split()
)
"""All of them, written small and without apostrophes."""
