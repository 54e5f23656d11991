"""From what an earlier run kept to what the rules say now: judged again is what looked into something that changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from djlint_spec.cache import Grounds, Part, Parts
from djlint_spec.engine.bodies import changed_bodies
from djlint_spec.engine.linked import link_facts
from djlint_spec.engine.progress import Progress, untold
from djlint_spec.engine.reading import Read, read_files
from djlint_spec.engine.rulebook import rulebook
from djlint_spec.engine.standing import Standing
from djlint_spec.engine.upkeep import Judged, Place, Upkeep
from djlint_spec.engine.watched import WatchedEnvironment
from djlint_spec.facts.tree import ModuleFacts
from djlint_spec.project import Project
from djlint_spec.project.module import body_key, template_key
from djlint_spec.project.tracking import Tracking


def judged_again(
    standing: Standing, wanted: Sequence[str], selected: Collection[str], *, keep: bool, progress: Progress = untold
) -> tuple[Read, Project, Upkeep]:
    """The project, and what the rules say of it; with `keep` it is kept for later runs."""
    tree, cache = standing.tree, standing.cache
    read = read_files(tree, wanted, cache, progress)
    environment = WatchedEnvironment(standing.environment) if standing.environment is not None else None
    tracking = Tracking(active=True)
    project = link_facts(read.facts, tree, standing.config, environment, cache, tracking)
    texts_of_linking = frozenset(tree.texts)
    upkeep = Upkeep(rulebook(), selected, standing.config)
    parts = cache.findings.parts() if standing.earlier is not None else None
    covered = parts is not None and parts.codes.issuperset(selected)
    changed = _changed(standing, read.facts) if covered else None
    if parts is None or changed is None:
        standing.earlier = None
        upkeep.begin(project)
    else:
        upkeep.resume(_judged(parts, upkeep, selected))
        upkeep.judge_again(*changed)
    done = 0
    while not upkeep.is_done:
        progress("checking parts", done, done + upkeep.left)
        upkeep.step(project)
        done += 1
    if not upkeep.faults:
        packages = environment.packages if environment is not None else {}
        grounds = _grounds(standing, texts_of_linking, packages, tracking)
        narrower = covered and parts is not None and parts.codes != selected
        if keep and not narrower and grounds != cache.findings.grounds:
            cache.findings.keep(grounds, _parts(upkeep, frozenset(selected)))
        standing.is_kept = grounds == cache.findings.grounds
    return read, project, upkeep


def _changed(standing: Standing, facts: Mapping[str, ModuleFacts]) -> tuple[set[str], list[str]] | None:
    """The keys of the function bodies and templates that are all that has changed, and the files with such bodies; None
    where more has.
    """
    earlier, modules = standing.earlier, standing.tree.modules
    if earlier is None or modules.keys() != earlier.modules.keys() or not standing.surroundings_stand():
        return None
    files = [path for path, name in modules.items() if name != earlier.modules[path]]
    texts = {template_key(path) for path in standing.changed_templates()}
    for path in files:
        old, new = standing.cache.earlier(earlier.modules[path]), facts.get(path)
        numbers = changed_bodies(old, new, earlier.words) if old is not None and new is not None else None
        if numbers is None:
            return None
        texts.update(body_key(path, number) for number in (0, *numbers))
    return texts, files


def _grounds(
    standing: Standing, linked: Collection[str], packages: Mapping[str, str | None], tracking: Tracking
) -> Grounds:
    tree = standing.tree
    earlier = standing.earlier or Grounds(standing.maker, {}, {}, {}, {}, {})
    texts = {**earlier.texts, **{path: name for path, name in tree.texts.items() if path in linked}}
    templates = {**earlier.templates, **standing.changed_templates()}
    templates |= {path: name for path, name in tree.texts.items() if path not in texts}
    return Grounds(
        standing.maker,
        tree.modules,
        templates,
        texts,
        {**earlier.names, **tree.listings},
        {**earlier.packages, **packages},
        tuple(sorted(tracking.words.union(earlier.words))),
    )


def _judged(kept: Parts, upkeep: Upkeep, selected: Collection[str]) -> Iterator[tuple[Place, Judged]]:
    """What was said of each part, as far as the selected rules said it."""
    types = {_name_of(subject): subject for subject in upkeep.types}
    whole = kept.codes == selected
    for part in kept.parts:
        subject = types.get(part.subject)
        if subject is not None:
            findings = part.findings if whole else tuple(f for f in part.findings if f.code in selected)
            asked = frozenset(map(kept.names.__getitem__, part.asked))
            yield Place(subject, part.key), Judged(findings, (), asked, part.feeds, part.ties, part.lists)


def _parts(upkeep: Upkeep, selected: frozenset[str]) -> Parts:
    numbers: dict[str, int] = {}
    parts = tuple(
        Part(
            _name_of(place.subject),
            place.key,
            tuple(numbers.setdefault(key, len(numbers)) for key in judged.depends_on),
            judged.findings,
            judged.feeds,
            judged.ties,
            judged.lists,
        )
        for place, judged in upkeep.judged.items()
    )
    return Parts(selected, tuple(numbers), parts)


def _name_of(subject: type[object]) -> str:
    return f"{subject.__module__}.{subject.__qualname__}"
