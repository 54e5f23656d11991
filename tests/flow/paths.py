"""Functions over every statement and expression that has ways through it.

`step`, `later` and `risky` leave a mark, `risky` may raise Boom and `fail_value` raises ValueError, `choose` gives
either truth. A mark of `never` stands where no run comes.
"""

from __future__ import annotations

FUNCTIONS = {
    "if": """
        def f():
            if choose():
                step("a")
            elif choose():
                step("b")
            else:
                return 1
            step("c")
        """,
    "and, or, not": """
        def f():
            if (choose() and not choose()) or choose():
                step("a")
            x = choose() or step("b")
            y = choose() and step("c")
            return not (x and False)
        """,
    "the value of a boolean operator": """
        def f():
            a = None or 1
            b = 0 and missing
            c = "" or False or 2
            return [a == 1, b == 0, c == 2] and (1 if a else 2)
        """,
    "a conditional expression": """
        def f():
            flag = True if choose() else False
            step("a") if flag else step("b")
            return 1 if flag is True else 2
        """,
    "a flag that is kept": """
        def f():
            held = False
            if choose():
                held = True
                step("take")
            try:
                risky("work")
            finally:
                if held:
                    step("let go")
        """,
    "flags in collections": """
        def f():
            one, two = choose(), False
            if two:
                step("never")
            flags = {"held": True, "other": {"deep": False}}
            flags["other"]["deep"] or step("a")
            flags["held"] = False
            if flags["held"] or flags.get("held"):
                step("never")
            kept = [True, choose()]
            kept[0] or step("never")
            change(flags)
            return (1, 2)[0]
        """,
    "a collection that a call has changed": """
        def f():
            flags = {"held": False}
            flags.update(held=True)
            if flags["held"]:
                step("a")
            flags = {"held": False}
            name = "held"
            flags[name] = True
            if flags["held"]:
                step("b")
        """,
    "the same test twice": """
        def f(mode):
            if mode == "full":
                step("a")
            if mode != "full":
                step("b")
            if mode == "full":
                step("c")
        """,
    "tests for None": """
        def f():
            x = None if choose() else 1
            if x is None:
                step("a")
            if x is not None:
                step("b")
            if x:
                step("c")
        """,
    "the truth of an unknown value": """
        def f(mode):
            if mode:
                step("a")
            if not mode:
                step("b")
            if mode is True:
                step("c")
        """,
    "order of numbers": """
        def f():
            left = 2
            while left > 0:
                step("try")
                if choose():
                    break
                left -= 1
            else:
                step("gave up")
            if 1 < 2 and 2 >= 2 and not 3 <= 2:
                step("a")
            if 1 < 2 < choose():
                step("b")
        """,
    "while with break, continue and else": """
        def f():
            while choose():
                if choose():
                    step("a")
                    continue
                if choose():
                    break
                step("b")
            else:
                step("else")
            step("end")
        """,
    "for with else": """
        def f():
            for n in range(2):
                if choose():
                    step("a")
                    break
            else:
                step("else")
                return 1
        """,
    "for over what may be empty": """
        def f(names=()):
            for name in names:
                step("a")
            for name in (1, 2):
                step("b")
                break
            for name, (*rest,) in []:
                step("c")
        """,
    "for over a call that fails": """
        def f():
            try:
                for name in risky("all"):
                    step("a")
            except Boom:
                step("b")
        """,
    "leaving a loop through finally": """
        def f():
            for n in range(2):
                try:
                    if choose():
                        continue
                    if choose():
                        break
                    if choose():
                        return 3
                finally:
                    step("finally")
            step("end")
        """,
    "try": """
        def f():
            try:
                risky("a")
            except Boom as error:
                step("handler")
                if choose():
                    raise
                if choose():
                    raise error
            else:
                step("else")
            finally:
                step("finally")
            return 1
        """,
    "a return in finally": """
        def f():
            try:
                risky("a")
                return 1
            finally:
                if choose():
                    return 2
        """,
    "handlers in order": """
        def f():
            try:
                fail_value()
            except KeyError:
                step("never")
            except (TypeError, ValueError):
                step("value")
            except Exception:
                step("never")
        """,
    "another error in a handler": """
        def f():
            try:
                try:
                    fail_value()
                except ValueError:
                    raise KeyError("b") from None
                finally:
                    step("finally")
            except LookupError:
                step("lookup")
        """,
    "an exception that nobody takes": """
        def f():
            try:
                raise SystemExit
            except Exception:
                step("never")
        """,
    "an exit is no error": """
        def f():
            try:
                raise SystemExit(1)
            except BaseException:
                step("all")
            try:
                raise KeyboardInterrupt()
            except:
                step("bare")
        """,
    "exceptions of its own": """
        class Mine(ValueError):
            pass

        def f():
            try:
                raise Mine("a")
            except KeyError:
                step("never")
            except ValueError:
                step("mine")
        """,
    "with": """
        def f():
            with manager() as value, manager():
                risky("a")
                if choose():
                    return value
            step("end")
        """,
    "leaving a loop through with": """
        def f():
            for n in range(2):
                with manager():
                    if choose():
                        continue
                    if choose():
                        break
                    step("a")
        """,
    "suppress": """
        import contextlib

        def f():
            with contextlib.suppress(ValueError):
                fail_value()
                step("never")
            with contextlib.suppress(KeyError, TypeError):
                step("a")
                fail_value()
        """,
    "match": """
        def f(mode):
            match choose():
                case True:
                    step("true")
                case False | None:
                    step("false")
                case _:
                    step("never")
            match mode:
                case "full":
                    step("full")
                case [first, *rest] if choose():
                    step("list")
                case {"key": value}:
                    step("dict")
                case other:
                    step("other")
            if mode == "full":
                step("full again")
        """,
    "match that nothing fits": """
        def f():
            match 3:
                case 1 | 2:
                    step("never")
            match None:
                case None if choose():
                    step("a")
        """,
    "assert": """
        def f():
            assert choose(), "no"
            step("a")
        """,
    "assignment in a test": """
        def f():
            if (got := choose()) and not (other := False):
                step("a")
            if got:
                step("b")
            if other if got else True:
                step("c")
        """,
    "comprehensions": """
        def f():
            a = [step("a") for n in (1,) if choose()]
            b = {step("k"): step("v") for n in (1,)}
            return any(step("g") for n in (1,))
        """,
    "parts in order": """
        def f():
            add(step("1"), *[step("2")], key=step("3"), **{"k": step("4")})
            [step("5"), {step("6")}, (step("7"),), f"{step('8')}", -step("9"), step("10") + step("11")]
            {**{}, "k": step("12")}
            box()[step("13") : step("14") : step("15")]
            box()[step("16")] = step("17")
            (lambda: step("never"), step("18").real, 1.5, b"", ...)
            a = b = step("19")
            first, *rest = [step("20"), 1]
            c: int = 3
            d: int
            step("21") < step("22") < step("23")
            return c
        """,
    "names that come and go": """
        def f():
            global shared
            held = True
            del held
            held = choose()
            if held:
                step("a")
            count = 1
            count += 1
            if count:
                step("b")
            def held():
                step("never")
            import os
            class Local:
                pass
            pass
            return bool(True)
        """,
    "generators": """
        def f():
            try:
                yield step("a")
                yield
            finally:
                step("b")
            yield from []
        """,
    "await": """
        async def f():
            await later("a")
            async with amanager():
                if await later("b"):
                    step("c")
            async for n in stream():
                step("d")
        """,
    "what bool comes to": """
        def f():
            got = bool(choose())
            if got:
                step("a")
            if not bool(got):
                step("b")
            return bool(None) is False
        """,
}
