"""What a kernel of ``mtl-teach start`` runs first: what a learner is told of its cells before anything is imported.

After a NameError it says how to go on, and it names a PyTorch that does not load, also one that ended the kernel before
this one. After a restart a kernel knows no names, not even ours, so this cannot wait for an import of the course.
IPython runs the file that ``PYTHONSTARTUP`` names in the learner's own namespace: nothing may be left there.
"""


def _install() -> None:
    import os
    import runpy
    import sys
    from pathlib import Path
    from typing import Any

    from autograder import kernel, last_tried, torch_loads

    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None:
        return

    def explain(shell: Any, kind: Any, error: Any, traceback: Any, tb_offset: Any = None) -> None:
        shell.showtraceback((kind, error, traceback), tb_offset=tb_offset)
        if not isinstance(error, UnboundLocalError):  # that one is about a function, not about the kernel
            name = str(error.name)
            words = (
                f"`{name}` is not defined in this kernel. Either its cell stopped with an error, or it was not run "
                "since the kernel started: choose Run → Run All Above Selected Cell."
            )
            if not kernel.in_browser():
                words += " If the set-up cell is gone, `mtl-teach start` brings it back."
            if (stopped := last_tried.stopped(name)) and not last_tried.not_begun(name):
                words = f"{stopped} Correct that cell and run it again."
            print(kernel.in_lines(words))

    shell.set_custom_exc((NameError,), explain)
    last_tried.watch()
    file = getattr(getattr(getattr(shell, "kernel", None), "parent", None), "abs_connection_file", "")
    if file:  # that of a kernel keeps its name when the kernel is started again
        loading = torch_loads.Watch(Path(file).with_suffix(".loading"))

        def ended_before(_: Any) -> None:
            shell.events.unregister("pre_run_cell", ended_before)
            if words := loading.ended():
                said = f"The kernel before this one ended while it loaded PyTorch. {words}"
                print(kernel.in_lines(said), flush=True)

        shell.events.register("pre_run_cell", ended_before)
        shell.events.register("post_run_cell", lambda _: loading.clear())
        sys.meta_path.insert(0, loading)
    own = os.environ.get("MTL_PYTHONSTARTUP", "")  # what the learner had set
    if own:
        shell.push({name: it for name, it in runpy.run_path(own).items() if not name.startswith("__")})


_install()
del _install
