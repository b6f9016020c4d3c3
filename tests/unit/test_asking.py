"""Questions come in their order, the clock runs, and everything comes to its end."""

IMPORTS


class TestTheEnd:
    def test_after_the_last_question_it_is_summed_up(self) -> None:
        summing = after(ASKED, pressed(Move.PASS), typed(), reviewed(1), pressed(Move.NEXT, turn=1))
        assert work_for(summing) == (Summarise(2),)
        summary = Summary(Reviewer.COACH, headline="Well done.")
        event = InterviewSummarised(at=300.0, ticket=2, summary=summary)
        finished = after(summing, event)
        assert finished.phase == Finished(300.0, summary)
        assert step(finished, event) == Refused(Reason.STALE)
        assert step(finished, pressed(Move.RETRY)) == Refused(Reason.OLD_CONTROL)

    @pytest.mark.parametrize("kind", ProblemKind)
    def test_without_the_coach_the_measures_stand_and_can_be_retried(
        self, kind: ProblemKind
    ) -> None:
        summing = after(ASKED, pressed(Move.PASS), pressed(Move.PASS, turn=1))
        finished = after(summing, failed(1, Problem(kind), at=300.0))
        measured = Summary(Reviewer.MEASURES)
        assert finished.phase == Finished(300.0, measured, stand_in=Problem(kind))
        assert after(finished, pressed(Move.RETRY)).phase == Summing(2)

    def test_what_is_sent_while_it_is_summed_up_is_told_to_wait(self) -> None:
        summing = after(ASKED, pressed(Move.PASS), pressed(Move.PASS, turn=1))
        for event in (typed(), spoken()):
            assert step(summing, event) == Refused(Reason.NOT_YET)

    def test_what_is_sent_after_the_end_is_told_so(self) -> None:
        stopped = after(ASKED, StopRequested(at=200.0))
        for event in (typed(), spoken(), StopRequested(at=201.0)):
            assert step(stopped, event) == Refused(Reason.NO_INTERVIEW)

