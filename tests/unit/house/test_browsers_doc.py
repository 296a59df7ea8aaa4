"""docs/browsers.md names the oldest browsers and all that is newer than scripts' grammar, with what happens without it.

What a style sheet may say is a closed list here; of scripts and templates, what came lately is known by its look.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import geothai

APP = Path(__file__).resolve().parents[3] / "app"
DOCUMENT = APP.parent / "docs" / "browsers.md"
STATIC = APP / "static"
BROWSERS = ("chrome", "firefox", "safari")
GRAMMAR = (80, 74, 13.1)  # of ?. and ??, the newest that a script cannot be read without

# In every browser that can read the scripts.
OLD_PROPERTIES = """
-webkit-text-size-adjust align-items background background-color border border-bottom border-bottom-color
border-collapse border-color border-left border-radius border-style border-top border-top-color border-width bottom
box-shadow box-sizing break-after break-inside clip-path color columns content counter-increment counter-reset cursor
display fill flex flex-basis flex-direction flex-wrap font font-display font-family font-size font-style
font-variant-numeric font-weight grid-column grid-row grid-template-columns height justify-content left line-height
list-style margin margin-bottom margin-left margin-right margin-top max-height max-width min-height min-width object-fit
opacity order outline outline-color outline-offset overflow overflow-wrap overflow-x overflow-y padding padding-bottom
padding-left padding-right padding-top pointer-events position resize right src stroke stroke-width text-align
text-decoration text-overflow top transform transition unicode-range vertical-align visibility white-space width
word-break z-index
"""
OLD_SELECTORS = """
::-webkit-details-marker ::after ::before ::placeholder :checked :first-child :focus :hover :last-child :not :nth-child
:root
"""
OLD_FUNCTIONS = """
attr calc counter format linear-gradient local minmax not nth-child repeat rgb rotate url var
"""
OLD_RULES = "@font-face @media @supports"
OLD_CONDITIONS = "hover max-width min-width pointer prefers-reduced-motion"
OLD_UNITS = "% deg em fr mm ms pt px rem s vh vw"
# Newer names of style sheets, as the document writes them.
NAMES_OF = {
    "gap": "gap between flexible boxes",
    "inset(": "",  # of clip-path, as old as that
    ":has": ":has()",
    "has(": ":has()",
    "min(": "min()",
}

# What came after that grammar, by its look; the same name is the document's.
NEW_IN_SCRIPTS = {
    "HTMLFormElement.requestSubmit": r"\.requestSubmit\b",
    "SubmitEvent.submitter": r"\.submitter\b",
    "Element.replaceChildren": r"\.replaceChildren\b",
    "HTMLDialogElement.showModal": r"\.(showModal|show)\(",
    "new DataTransfer()": r"new DataTransfer\b",
    "createImageBitmap": r"\bcreateImageBitmap\b",
    "logical assignment": r"(\?\?|\|\||&&)=",
    "private fields": r"(this\.#|\n\s+#\w+)",
    "static blocks": r"\bstatic \{",
    "numeric separators": r"\b\d+_\d",
    "lookbehind": r"\(\?<[=!]",
    "regular expressions with v or d": r"/[a-z]*[vd][a-z]*[.,;)]\s*$",
    "top-level await, import": r"(?m)^(await |import )|\bimport\(",
    "at": r"\.at\(",
    "replaceAll": r"\.replaceAll\(",
    "Object.hasOwn": r"\bObject\.(hasOwn|groupBy)\b",
    "Map.groupBy": r"\bMap\.groupBy\b",
    "findLast": r"\.findLast(Index)?\(",
    "copies of lists": r"\.(toSorted|toReversed|toSpliced|with)\(",
    "Promise.any": r"\bPromise\.(any|withResolvers|try)\b",
    "Array.fromAsync": r"\bfromAsync\b",
    "sets": r"\.(union|intersection|difference|symmetricDifference|isSubsetOf|isSupersetOf|isDisjointFrom)\(",
    "structuredClone": r"\bstructuredClone\b",
    "randomUUID": r"\.randomUUID\b",
    "WeakRef": r"\b(WeakRef|FinalizationRegistry)\b",
    "Temporal": r"\bTemporal\b",
    "AbortSignal.timeout": r"\bAbortSignal\.(timeout|any)\b",
    "observers": r"\b(ResizeObserver|PerformanceObserver|ReportingObserver)\b",
    "BroadcastChannel": r"\bBroadcastChannel\b",
    "locks": r"\bnavigator\.(locks|share|clipboard|wakeLock|storage)\b",
    "navigation": r"\bwindow\.navigation\b|\bnavigation\.",
    "view transitions": r"\bstartViewTransition\b",
    "popover": r"\.(showPopover|hidePopover|togglePopover|popover)\b",
    "showPicker": r"\.showPicker\b",
    "inert": r"\.inert\b",
    "checkVisibility": r"\.checkVisibility\b",
    "setHTML": r"\.(setHTML|setHTMLUnsafe|getHTML)\b",
    "adoptedStyleSheets": r"\badoptedStyleSheets\b|\bnew CSSStyleSheet\b",
    "ElementInternals": r"\battachInternals\b",
    "FormData of a button": r"new FormData\([^()]+,",
    "streams": r"\b(CompressionStream|DecompressionStream|TransformStream)\b",
    "Intl": r"\bIntl\.(?!DateTimeFormat\b)",
    "events": r"addEventListener\(\s*[\"'](scrollend|beforetoggle|command|cancel|formdata|beforematch|pagereveal)[\"']",
    "size of a query": r"\b(query|params|searchParams)\.size\b",
    "URL.canParse": r"\bURL\.(canParse|parse)\b",
    "moveBefore": r"\.moveBefore\b",
    "scheduler": r"\bscheduler\.",
    "credentials": r"\bPublicKeyCredential\b",
    "queueMicrotask": r"\bqueueMicrotask\b",
    "CSS.escape": r"\bCSS\.(?!supports\b)",
}
NEW_IN_TEMPLATES = {
    "<dialog>": r"<dialog\b",
    "<details name>": r"<details\b[^>]*\sname=",
    "popover": r"\spopover(target)?[\s=>]",
    "inert": r"\sinert[\s=>]",
    "<search>": r"<search\b",
    "loading": r"\sloading=",
    "fetchpriority": r"\sfetchpriority=",
    "import maps, modules": r"<script[^>]*type=",
    "commands": r"\scommandfor=",
    "enterkeyhint": r"\senterkeyhint=",
    "hidden until found": r"hidden=[\"']until-found",
    "<selectedcontent>": r"<(selectedcontent|slot|picture)\b",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the document's table."""

    versions: tuple[str, ...]
    how: str
    without: str


@cache
def rows() -> dict[str, Row]:
    found = {}
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        if not line.startswith("| `"):
            continue
        names, *versions, how, without = (cell.strip() for cell in line.strip("|").split("|"))
        found |= {name.replace("`", ""): Row(tuple(versions), how, without) for name in names.split("`, `")}
    return found


def number(version: str) -> float:
    return 999.0 if version == "none" else float(version)


def read(pattern: str, folder: Path, comments: str) -> str:
    """All files of a kind without their comments."""
    files = sorted(one for one in folder.rglob(pattern) if one.is_file())
    assert files
    return "\n".join(re.sub(comments, "", one.read_text(encoding="utf-8"), flags=re.S | re.M) for one in files)


def styles() -> str:
    return read("*.css", STATIC, r"/\*.*?\*/")


def scripts() -> str:
    return read("*.js", STATIC, r"(^|\s)//[^\n]*|/\*.*?\*/")


def templates() -> str:
    return read("*.html", APP / "templates", r"\{#.*?#\}")


def said(text: str) -> Iterator[tuple[str, set[str]]]:
    """What a style sheet says, by kind, and what of each kind is old."""
    text = re.sub(r"\"[^\"]*\"", '""', text)
    declarations = re.findall(r"(?<=[;{])\s*(--)?([a-z-]+)\s*:\s+([^;{}]*)(?=[;}])", text)
    heads = " ".join(re.findall(r"(?:^|[{};])([^{};@]+)\{", text))
    asked = set(re.findall(r"@supports[^{]*?\(([a-z-]+):", text))
    yield "property", ({name for own, name, _ in declarations if not own} | asked) - set(OLD_PROPERTIES.split())
    yield "selector", set(re.findall(r"::?[a-z-]+", heads)) - set(OLD_SELECTORS.split())
    called = set(re.findall(r"([a-z-]+)\(", text)) - set(OLD_FUNCTIONS.split())
    yield "function", {f"{name}(" for name in called}
    yield "rule", set(re.findall(r"@[a-z-]+", text)) - set(OLD_RULES.split())
    units = {
        unit
        for value in (value for _, _, value in declarations)
        for unit in re.findall(r"(?<![\w#.-])-?[\d.]+([a-z%]+)", value)
    }
    conditions = set(re.findall(r"@media[^{]*?\(([a-z-]+):", text)) - set(OLD_CONDITIONS.split())
    yield "condition", conditions
    yield "unit", units - set(OLD_UNITS.split())


def used() -> set[str]:
    """What is newer than the grammar, under the document's names."""
    newer = {name for _kind, names in said(styles()) for name in names}
    newer |= {name for name in ("overflow-wrap: anywhere",) if name in styles()}
    if re.search(r":not\([^()]*,", styles()):
        newer.add(":not() with a list")
    newer = {NAMES_OF.get(name, name) for name in newer} - {""}
    newer |= {name for name, look in NEW_IN_SCRIPTS.items() if re.search(look, scripts())}
    return newer | {name for name, look in NEW_IN_TEMPLATES.items() if re.search(look, templates())}


def test_all_that_is_newer_than_the_grammar_is_listed_and_nothing_else() -> None:
    assert sorted(used()) == sorted(rows())


def test_the_oldest_browsers_are_those_that_have_what_is_needed() -> None:
    named = re.findall(
        r"Chrome and Edge ([\d.]+), Firefox ([\d.]+) and Safari ([\d.]+)", DOCUMENT.read_text(encoding="utf-8")
    )
    needed = [row.versions for row in rows().values() if row.how == "needed"]

    oldest = [max(map(number, versions)) for versions in zip(*needed, strict=True)]

    assert {row.how for row in rows().values()} == {"tested for", "plainer", "needed"}
    assert [list(map(float, versions)) for versions in named] == [oldest]
    assert all(old >= grammar for old, grammar in zip(oldest, GRAMMAR, strict=True))


# The question that is asked first.
GUARDS = {
    "HTMLFormElement.requestSubmit": "if (!HTMLFormElement.prototype.requestSubmit)",
    "SubmitEvent.submitter": 'if (!window.SubmitEvent || !("submitter" in SubmitEvent.prototype))',
    "Element.replaceChildren": "if (!Element.prototype.replaceChildren)",
    "HTMLDialogElement.showModal": "const canAsk = dialog && dialog.showModal",
    "new DataTransfer()": "if (!list || !canHandFilesOn()) return null",
    "createImageBitmap": 'draw(made.querySelector("canvas"), file)).catch(',
    "overflow-wrap: anywhere": "@supports not (overflow-wrap: anywhere)",
    "hanging-punctuation": "@supports (hanging-punctuation: first)",
    "<dialog>": ".confirm:not([open]) {\n  display: none",
}


def test_what_is_tested_for_is_asked_for_where_the_document_says() -> None:
    tested = {name: row for name, row in rows().items() if row.how == "tested for"}

    assert sorted(GUARDS) == sorted(tested)
    for name, row in tested.items():
        place = re.search(r"\(`([\w./-]+)`\)$", row.without)
        assert place is not None, name
        assert GUARDS[name] in (STATIC / place[1]).read_text(encoding="utf-8"), name


def test_what_older_browsers_lack_is_put_in_first() -> None:
    assert min(one.name for one in (STATIC / "fund.js").iterdir()) == "05-older.js"


def test_no_field_hides_what_scripts_ask_of_its_form() -> None:
    """A form answers with its field of that name instead of its own property."""
    asked = set(re.findall(r"\b(?:form|this|event\.target)\.(\w+)", scripts()))
    fields = set(re.findall(r"^    (\w+)(?:: Mapped\b| = \w*Field\()", read("*.py", APP, r"(?<=\s)# [^\n]*"), re.M))
    fields |= set(re.findall(r"\s(?:name|id)=\"(\w+)\"", templates()))

    assert {"requestSubmit", "elements", "getAttribute"} <= asked
    assert {"purpose", "version", "action"} <= fields
    assert asked & fields <= {"before"}  # a column of the audit trail, which has no form


def test_the_provinces_that_stay_on_one_line_are_all_of_several_syllables() -> None:
    script = (STATIC / "fund.js" / "35-whole-words.js").read_text(encoding="utf-8")
    kept = set(re.findall(r"[ก-๎]+", script.split("const PROVINCES =")[1].split(";")[0]))

    provinces = {province.name_th for province in geothai.provinces()}

    assert kept <= provinces
    assert {len(name) for name in provinces - kept} == {3, 4}
