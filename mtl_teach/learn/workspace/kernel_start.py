"""What a kernel of ``mtl-teach start`` runs first: after a NameError it says how to go on.

After a restart a kernel knows no names, not even ours, so this cannot wait for an import of the course. IPython
runs the file that ``PYTHONSTARTUP`` names in the learner's own namespace: nothing may be left there.
"""


def _install() -> None:
    import os
    import runpy
    import sys
    import textwrap
    from typing import Any

    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None:
        return

    def explain(shell: Any, kind: Any, error: Any, traceback: Any, tb_offset: Any = None) -> None:
        shell.showtraceback((kind, error, traceback), tb_offset=tb_offset)
        if not isinstance(error, UnboundLocalError):  # that one is about a function, not about the kernel
            words = (
                f"`{error.name}` is not defined in this kernel. Either its cell stopped with an error, or it was not "
                "run since the kernel started: choose Run → Run All Above Selected Cell. If the set-up cell is gone, "
                "`mtl-teach start` brings it back."
            )
            print(textwrap.fill(words, 88, break_long_words=False))  # a notebook would break the line in a word

    shell.set_custom_exc((NameError,), explain)
    own = os.environ.get("MTL_PYTHONSTARTUP", "")  # what the learner had set
    if own:
        shell.push({name: it for name, it in runpy.run_path(own).items() if not name.startswith("__")})


_install()
del _install
