"""The bench compares like with like; how fast is asked by `hub bench compose` alone."""

from hub.local.bench.compose import BAR, ours, plain, run, shorten, values


def test_both_sides_make_the_same_text_and_the_ratio_is_told():
    told: list[str] = []
    run(told.append, messages=300, rounds=1)
    assert told[0].startswith("300 messages")
    assert f"at most {BAR:.0f}" in told[-1]


def test_some_names_of_the_bench_make_a_message_dear_and_every_link_is_short():
    assert {ours()(values(n)) for n in range(50)} == {1, 2}
    assert plain()(values(7)).endswith(shorten(values(7)["cart_url"], ""))
