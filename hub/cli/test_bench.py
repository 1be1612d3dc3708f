"""`hub bench`: every bench of the folder is a command."""

from hub.cli.bench import bench, found


def test_every_bench_says_what_it_does_and_has_a_command():
    assert {"campaign", "compose", "links", "road", "scale", "writeback"} <= set(found())
    for name, module in found().items():
        command = bench.get_command(None, name)
        assert command.help == module.SAYS
        assert "as_json" in {one.name for one in command.params}
