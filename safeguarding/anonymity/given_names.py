"""
Given names that are common in England, so that one is known as a name at the beginning of a sentence too.

A plain list of this product's own, typed out of common knowledge; it is of nobody. A name that is a word besides is
left out, and is found where it stands within a sentence.
"""

from __future__ import annotations

_LISTED = """
aaliyah aaron abdul abdullah abigail adam adele adrian ahmed aidan aiden aimee aisha alan albert alex alexander
alexandra alfie ali alice alison amanda amelia amir amy andrea andrew angela angus anita ann anna anne annie anthony
antonio archie arjun arthur ashley ashraf ayaan ayesha barbara beatrice becky ben benjamin bernard beth bethany
betty beverley billy bobby brandon brenda brendan brian bridget bronwen bryan caitlin callum cameron carl carol
caroline catherine cerys chantelle charles charlie charlotte chelsea cheryl chloe christine christopher ciara claire
clare clive colin connor conor corey craig curtis damian daniel danielle danny darren dave david dean deborah declan
denise dennis derek diana diane dominic donna doreen dorothy duncan dylan edith edward eileen elaine eleanor elijah
elizabeth ella ellen ellie elliot elsie emily emma emmanuel eric erin ethan eva evan evie faisal fatima fatma finlay
finley fiona frances francis fred freddie freya gareth gary gavin gemma geoffrey george georgia georgina gerald
gerard gillian glenn gordon graham gregory hamza hannah harriet harrison harry harvey hassan helen henry howard hugh
ian ibrahim imogen imran irene isaac isabel isabella isabelle isla jackie jackson jacob jacqueline jade jake james
jamie jane janet janice jason jayden jean jeffrey jenna jennifer jenny jeremy jessica jill jimmy joan joanna joanne
joe joel john johnny jonathan jordan joseph josh joshua joyce judith julia julian julie justin kai karen karl kate
katherine kathleen katie kayden kayla kayleigh keeley keith kelly kelvin ken kenneth kerry kevin khadija khalid kian
kieran kim kirsty kyle lacey lara laura lauren lawrence leah lee leo leon leona leslie lewis liam lily linda lisa
logan lorraine louis louise luca lucas lucy luke lydia maisie malcolm mandy margaret maria marie marion martin
martyn mary maryam mason matilda matthew maureen max megan mehmet melanie melissa mia michael michelle mick miguel
millie mohamed mohammad mohammed molly monica moses muhammad mustafa nadia naomi natalie natasha nathan neil niamh
nicholas nicola nicole nigel noah noor nora norman oliver olivia omar oscar owen paige pamela patricia patrick paul
paula pauline peter philip phillip phoebe priya rachel raj ralph raymond rebecca rhys richard riley robert rochelle
roger ronald rory rosemary rosie ross roxanne roy ruby russell ruth ryan sabrina sadie saira sam samantha samir
samuel sandra sanjay sara sarah scott sean sebastian shane shannon sharon shaun sheila shirley sian simon siobhan
skye sofia sonia sophia sophie spencer stacey stanley stella stephanie stephen steven stewart stuart susan suzanne
sylvia tamara tanya tara taylor teresa terence terry thea theo theresa thomas tiffany tim timothy tina toby tommy
tony tracey tracy trevor tyler tyrone usman vanessa vera veronica vincent wayne wendy wesley william winston yasmin
yusuf yvonne zac zach zachary zahra zainab zak zara zoe
"""

GIVEN_NAMES = frozenset(_LISTED.split())
"""Each of them, written small."""
