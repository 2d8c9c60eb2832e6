using MmuEmu.Kernel.Windows;

namespace MmuEmu.Kernel.PageCopy;

/// <summary>Takes a copy through the stages of its recipe, one after the other, until it is over or its task sleeps.</summary>
internal static class CopyEngine
{
    /// <summary>Goes on with a copy.</summary>
    /// <param name="run">The copy; its state says afterwards where it is.</param>
    /// <returns><see cref="StageEnd.Done"/> when its page's part is over.</returns>
    public static StageEnd Advance(CopyRun run)
    {
        if (run.State.Number == 0)
        {
            run.State = run.State with { Number = ++run.Bed.Count };
            run.Bed.Counters.Add(WindowCounter.Copies);
        }

        CopyStage[] stages = StagesOf(run);
        while (run.State.Step < stages.Length)
        {
            CopyStage stage = stages[run.State.Step];
            StageEnd end = Make(run, stage);
            if (end != StageEnd.Done)
            {
                return end;
            }

            run.State = run.State with { Step = run.State.Step + 1 };
            if (PointAfter(stage, run.State) is { } point && run.Pass(point) == StageEnd.Sleeps)
            {
                return StageEnd.Sleeps;
            }
        }

        return StageEnd.Done;
    }

    /// <summary>The stages that a copy goes through.</summary>
    public static CopyStage[] StagesOf(CopyRun run) => run.State.Direction switch
    {
        CopyDirection.Write => run.Bed.Recipe.Write,
        CopyDirection.Read => run.Bed.Recipe.Read,
        CopyDirection.Send => RecipeTable.Send,
    };

    private static StageEnd Make(CopyRun run, CopyStage stage) => stage switch
    {
        CopyStage.TakeSem => CopyHolds.TakeSem(run),
        CopyStage.Raise => CopyHolds.Raise(run),
        CopyStage.Lower => CopyHolds.Lower(run),
        CopyStage.Touch => UserPins.Touch(run),
        CopyStage.Pin => UserPins.Pin(run),
        CopyStage.Unpin => UserPins.Unpin(run),
        CopyStage.Lock => FilePages.Lock(run),
        CopyStage.Find => FilePages.Find(run),
        CopyStage.Prepare => FilePages.Prepare(run),
        CopyStage.Commit => FilePages.Commit(run),
        CopyStage.Drop => FilePages.Drop(run),
        CopyStage.OpenPool => WindowMoves.OpenPool(run),
        CopyStage.OpenAtomic => WindowMoves.OpenAtomic(run),
        CopyStage.Move => WindowMoves.Move(run),
        CopyStage.MovePinned => WindowMoves.MovePinned(run),
        CopyStage.SendOut => WindowMoves.SendOut(run),
        CopyStage.Close => WindowMoves.Close(run),
    };

    private static CopyPoint? PointAfter(CopyStage stage, CopyState state) => stage switch
    {
        CopyStage.Touch => CopyPoint.AfterPrefault,
        CopyStage.Lock => CopyPoint.AfterLockPage,
        CopyStage.OpenAtomic => CopyPoint.AfterKmapAtomic,
        CopyStage.Pin => CopyPoint.AfterPin,
        CopyStage.Close when state.Direction == CopyDirection.Write => CopyPoint.BeforeCommit,
        _ => null,
    };
}
