"""How is a demonstration record worded, so that it reads like a real one and says that it is not?"""

from __future__ import annotations

from random import Random

SYNTHETIC = "Synthetic demonstration content."
AIMS = (
    "Migrant smuggling on the green border",
    "Stolen vehicles on transit roads",
    "Drugs in passenger cars and coaches",
    "Property crime by travelling groups",
    "Forged documents on trains and coaches",
    "Firearms hidden in vehicles",
    "Visible presence in the border strip",
    "Exchange of local knowledge between crews",
)
AREA_OF_AIM: tuple[str, ...] = (
    "OC_SMUGGLING",
    "OC_PROPERTY",
    "OC_DRUGS",
    "OC_PROPERTY",
    "OC_SMUGGLING",
    "OC_FIREARMS",
    "GEN_COOPERATION",
    "GEN_EXCHANGE",
)
URGENT = "Urgent"
_TITLES: dict[str, tuple[str, ...]] = {
    "JP": ("Joint patrol {place}", "Joint patrol {place}, road", "Joint patrol {place}, border strip"),
    "CBO": ("Observation near {first}", "Observation, {place}", "Urgent observation near {first}"),
    "JIT": ("Investigation team, {area}", "Investigation team on a network of {area}"),
    "JO": ("Joint operation {place}", "Trilateral patrols, {first}", "Joint operation, railway {place}"),
    "JAD": ("Joint action day {first}", "Joint action day, {area}"),
    "MEET": ("Planning meeting, {first}", "Co-ordination meeting, {first}", "Evaluation meeting, {first}"),
    "WS": ("Workshop on {area}, {first}", "Analysts' workshop, {first}"),
    "TR": ("Training in document checks, {first}", "Training of patrol leaders, {first}"),
    "EX": ("Staff exchange, {first}", "Study visit, {first}"),
}
_AREA_WORDS = ("migrant smuggling", "property crime", "drugs trafficking", "firearms trafficking", "document fraud")
_FACTS = (
    "Quiet shift. Traffic as usual, co-operation without difficulty.",
    "Two vehicles followed over a few kilometres, stopped and checked on the host's soil.",
    "Rain and fog in the first half. Checks at the lay-by, then on foot along the strip.",
    "Random checks by police information at the former crossing point and on the parallel roads.",
    "Mixed crew in one vehicle. One document sent for closer examination.",
    "Checks on the regional train and at the station, with the railway police.",
)
_ASSESSMENTS = (
    "Worth repeating in the early morning.",
    "The radio link failed in the valley; telephones were used.",
    "An interpreter would have saved time.",
    "Crews knew each other: no obstacle to report.",
    "",
)


def title(kind: str, names: tuple[str, ...], rng: Random, *, planned: bool) -> str:
    """The title of an activity of the kind at a place."""
    choices = [words for words in _TITLES[kind] if not (planned and words.startswith(URGENT))]
    return rng.choice(choices).format(
        place="–".join(names[:2]), first=names[0], area=_AREA_WORDS[int(rng.random() * len(_AREA_WORDS))]
    )


def facts(rng: Random) -> str:
    """What happened, marked as invented."""
    return f"{SYNTHETIC} {rng.choice(_FACTS)}"


def assessment(rng: Random) -> str:
    """How it went."""
    return rng.choice(_ASSESSMENTS)
