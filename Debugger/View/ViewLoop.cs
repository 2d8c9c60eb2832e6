using MmuEmu.Debugger.Screens;
using MmuEmu.Debugger.Travel;

namespace MmuEmu.Debugger.View;

/// <summary>The view at a terminal: draws, reads keys, and lets what takes long be stopped.</summary>
/// <param name="screen">The terminal.</param>
/// <param name="view">The view.</param>
/// <param name="journey">What moves.</param>
internal sealed class ViewLoop(TerminalScreen screen, ViewSession view, Journey journey)
{
    private const int Unhurried = 200;
    private const int WaitMilliseconds = 60_000;
    private const int SettleMilliseconds = 40;
    private const int BusyMilliseconds = 100;

    /// <summary>Runs until the user quits.</summary>
    public void Run()
    {
        bool isSettled = false;
        while (true)
        {
            (int columns, int rows) = screen.Size;
            screen.Draw(view.Page(columns, rows));
            if (screen.Read(isSettled ? WaitMilliseconds : SettleMilliseconds) is not { } key)
            {
                Do(() => view.Settle());
                isSettled = true;
                continue;
            }

            ViewAnswer answer = view.Take(key);
            if (answer.Kind == ViewAnswerKind.Quit)
            {
                return;
            }

            if (answer.Work is { } work)
            {
                Do(work);
                isSettled = false;
            }
        }
    }

    /// <summary>Does something on another thread, and tells that it is at work when it takes long.</summary>
    private void Do(Action work)
    {
        Task task = Task.Run(work);
        bool isDone = Task.WaitAny([task], Unhurried) == 0;
        while (!isDone)
        {
            (int columns, int rows) = screen.Size;
            screen.Draw(view.Busy(columns, rows, journey.Course.Stage.Kernel.Time));
            if (screen.Read(BusyMilliseconds) is { IsInterrupt: true })
            {
                journey.Interrupt();
            }

            isDone = task.IsCompleted;
        }

        task.GetAwaiter().GetResult();
    }
}
