"""
Rare details: what few people of an area share, so that it points at somebody without a name.

The list is this product's own and no national standard: it says why each matters, and it is never whole. A word of it
may stand in a report for good reasons; whether it is needed for the learning is for a person to weigh.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from safeguarding.anonymity.ages_and_times import NUMBER
from safeguarding.anonymity.details import DetailKind, Spot, Strength


class RareDetail(NamedTuple):
    """A group of words, and why each of them matters. A word is looked for whole, with an ending after a `*`."""

    title: str
    why: str
    words: str


class _Form(RareDetail):
    """The same, ready to be looked for."""

    @cached_property
    def form(self) -> re.Pattern[str]:
        """Every word of it, the longest first."""
        listed = sorted((one.strip() for one in self.words.replace("\n", " ").split(",")), key=len, reverse=True)
        parts = [re.escape(one).replace(r"\*", r"\w*").replace(r"\ ", r"[\s-]+") for one in listed if one]
        return re.compile(rf"\b(?:{'|'.join(parts)})(?!\w)", re.I)


RARE_DETAILS: tuple[RareDetail, ...] = (
    RareDetail(
        "Ethnic group",
        "In many areas a small group: with an age or a place it may leave one family.",
        "white british, white irish, white other, black african, black british, black caribbean, african "
        "caribbean, dual heritage, mixed heritage, mixed race, asian british, south asian, east asian, roma, "
        "romani, gypsy, gypsies, traveller, travellers, irish traveller*, kurdish, tamil, punjabi, bengali, "
        "gujarati, kashmiri, pashtun, hazara, arab, arabic, berber, yoruba, igbo, hausa, sikh heritage, jewish "
        "heritage",
    ),
    RareDetail(
        "Nationality",
        "Says where somebody comes from: few families of an area share it.",
        "polish, poland, romanian, romania, bulgarian, bulgaria, lithuanian, lithuania, latvian, latvia, estonian, "
        "estonia, hungarian, hungary, slovak*, czech, ukrainian, ukraine, russian, russia, albanian, albania, "
        "kosovan, kosovo, serbian, croatian, bosnian, greek, greece, cypriot, turkish, portuguese, portugal, "
        "spanish, spain, italian, italy, french, france, german, germany, dutch, belgian, danish, swedish, "
        "norwegian, finnish, scottish, scotland, irish, welsh, american, canadian, brazilian, colombian, jamaican, "
        "jamaica, nigerian, nigeria, ghanaian, ghana, kenyan, kenya, ugandan, zimbabwean, zimbabwe, somali, "
        "somalia, sudanese, sudan, eritrean, eritrea, ethiopian, ethiopia, congolese, gambian, egyptian, moroccan, "
        "algerian, tunisian, libyan, syrian, syria, iraqi, iraq, iranian, iran, afghan, afghanistan, pakistani, "
        "pakistan, indian, india, bangladeshi, bangladesh, sri lankan, nepali, nepalese, chinese, china, hong "
        "kong, vietnamese, vietnam, thai, filipino, filipina, philippines, malaysian, indonesian, japanese, "
        "korean, australian, australia, new zealander",
    ),
    RareDetail(
        "Language",
        "The language of a home: few families of an area share it.",
        "first language, mother tongue, urdu, bengali, sylheti, gujarati, hindi, punjabi, pashto, dari, farsi, "
        "tigrinya, amharic, swahili, lingala, mandarin, cantonese, tagalog, sign language, makaton, interpreter",
    ),
    RareDetail(
        "Belief",
        "A congregation knows its own.",
        "muslim*, islam, islamic, sikh*, hindu*, jewish, jew, judaism, orthodox, catholic*, methodist*, baptist*, "
        "pentecostal*, mormon*, latter-day saint*, jehovah's witness*, quaker*, buddhist*, pagan*, evangelical, "
        "imam, rabbi, vicar, pastor, priest, witchcraft, spirit possession",
    ),
    RareDetail(
        "Diagnosis or disability",
        "The rarer it is, the more surely those who treat it, or the family's friends, know of whom it is.",
        "down's syndrome, down syndrome, cerebral palsy, cystic fibrosis, muscular dystrophy, spina bifida, sickle "
        "cell, haemophilia, osteogenesis imperfecta, brittle bone*, prader-willi, fragile x, rett syndrome, "
        "edwards syndrome, patau*, angelman, tourette*, hydrocephalus, microcephaly, epilepsy, epileptic, "
        "leukaemia, lymphoma, tumour, cancer, huntington's, parkinson's, motor neurone disease, multiple "
        "sclerosis, korsakoff*, lewy body, prion, marfan, ehlers-danlos, hypophosphatasia, rickets, cleft palate, "
        "cleft lip, deaf, blind, mute, wheelchair, amputee, amputation, tracheostomy, gastrostomy, ventilator, "
        "stoma, hiv, hepatitis, tuberculosis, transplant, dialysis, phenylketonuria, metabolic disorder, type 1 "
        "diabetes, diabetic, schizophrenia, schizoaffective, bipolar, anorexia, anorexic, bulimia, fabricated or "
        "induced illness, munchausen*, foetal alcohol, fetal alcohol, selective mutism, dwarfism, achondroplasia, "
        "dementia, alzheimer's",
    ),
    RareDetail(
        "Shape of a family",
        "How many children, twins, adoption: friends and neighbours can count.",
        "twin, twins, triplet, triplets, quadruplet*, only child, eldest child, youngest child, middle child, "
        "half-brother, half-sister, half-sibling*, step-brother, step-sister, stepbrother, stepsister, foster "
        "brother, foster sister, adopted, adoption, surrogate, surrogacy, ivf, donor conceived, widow, widower, "
        "orphan*, cousins married, consanguin*, arranged marriage, forced marriage, polygam*, same-sex, "
        "great-grandmother, great-grandfather, stillborn, stillbirth, miscarriage, cot death",
    ),
    RareDetail(
        "Way of dying or of harm",
        "The press reports how; a reader puts this report beside that one.",
        "stab, stabbed, stabbing, stab wound*, hanged, hanging, ligature, strangled, strangulation, suffocated, "
        "asphyxia*, smothered, drowned, drowning, poisoned, poisoning, shot, shooting, gunshot, firearm, shotgun, "
        "knife, machete, zombie knife, hammer, axe, crossbow, acid, arson, house fire, set fire, burnt alive, "
        "scald, scalded, scalding, air ambulance, starved, starvation, dehydrated, bathtub, decapitat*, "
        "dismember*, buried, "
        "overdose, methadone, fentanyl, heroin, ketamine, nitrous oxide, jumped from, fell from, railway line, "
        "train track*, mauled, dog attack, xl bully, pit bull, exorcism, skull fracture*, fractured skull, rib "
        "fracture*, shaken, unexplained death, murdered, murder, manslaughter, convicted of, sentenced to, life "
        "sentence",
    ),
    RareDetail(
        "Work",
        "What somebody does or did for a living, above all where they were known by it.",
        "soldier, army, royal navy, royal marine*, raf, veteran, firefighter, pilot, footballer, boxer, actor, "
        "actress, musician, journalist, councillor, magistrate, barrister, solicitor, pharmacist, dentist, vet, "
        "farmer, farmworker, gamekeeper, fisherman, miner, scaffolder, roofer, plumber, electrician, builder, "
        "lorry driver, bus driver, taxi driver, delivery driver, hairdresser, barber, nail bar, butcher, baker, "
        "chef, waitress, waiter, barman, barmaid, publican, landlord of the, shopkeeper, takeaway, childminder, "
        "nanny, au pair, escort, sex worker, security guard, bouncer, prison officer, off-duty, tattooist",
    ),
    RareDetail(
        "Status and history",
        "What few people of an area share, and officials or neighbours remember.",
        "asylum seeker*, asylum-seeking, refugee*, trafficked, trafficking, unaccompanied, undocumented, visa, "
        "deported, deportation, no recourse to public funds, home educated, electively home educated, excluded "
        "from school, permanently excluded, narrowboat, canal boat, caravan, houseboat, travelling site, tent, "
        "hoarding, hoarder, transgender, non-binary, intersex, gay, lesbian, bisexual, gang, county lines, "
        "registered sex offender, sex offender*, deprivation of liberty, secure accommodation, witness protection, "
        "lottery, inquest, headline*, crimestoppers, cctv, doorbell camera, livestream*, onlyfans",
    ),
)
"""The list, by groups."""
WITH_A_CAPITAL = frozenset({"Nationality"})
"""Groups whose words are other ones written small: Polish and polish."""
_FORMS = tuple(_Form(*one) for one in RARE_DETAILS)

_SIBLINGS = re.compile(
    rf"\b(?i:(?:(?:the\s+)?(?:eldest|oldest|youngest|first|second|third|fourth|fifth|sixth|seventh"
    rf"|one)\s+of\s+(?:the\s+)?{NUMBER}(?:\s+(?:children|siblings|brothers|sisters))?"
    rf"|{NUMBER}\s+(?:other\s+|older\s+|younger\s+|half-)*(?:siblings|children|brothers|sisters|sons"
    rf"|daughters|half-siblings)"
    rf"|(?:first|second|third|fourth|fifth|sixth|seventh)(?:-|\s)?born|sibling\s+group\s+of\s+{NUMBER}))\b"
)
_LIVING = re.compile(
    r"\b(?i:(?:worked|works|working|employed|trained)\s+as\s+an?\s+\w+(?:\s+\w+)?|ran\s+(?:a|the|his"
    r"|her|their)\s+(?:own\s+)?\w+\s+(?:shop|business|pub|farm|salon))\b"
)
_COUNTED = next(one for one in RARE_DETAILS if one.title == "Shape of a family").why
_WORKED = next(one for one in RARE_DETAILS if one.title == "Work").why


def rare_details_in(text: str) -> Iterator[Spot]:
    """Every rare detail of a text typed plainly. Each is one that may be: whether it is rare there, a person knows."""
    for one in _FORMS:
        for found in one.form.finditer(text):
            if one.title not in WITH_A_CAPITAL or found.group()[0].isupper():
                yield Spot(*found.span(), DetailKind.RARE, f"{one.title}. {one.why}", Strength.MAY_BE)
    for form, title, why in ((_SIBLINGS, "Shape of a family", _COUNTED), (_LIVING, "Work", _WORKED)):
        for found in form.finditer(text):
            yield Spot(*found.span(), DetailKind.RARE, f"{title}. {why}", Strength.MAY_BE)
