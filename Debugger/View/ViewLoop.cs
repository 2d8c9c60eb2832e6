using MmuEmu.Debugger.Screens;
using MmuEmu.Debugger.Travel;

namespace MmuEmu.Debugger.View;

/// <summary>The view at a terminal: draws, reads keys, and lets what takes long be stopped.</summary>
/// <param name="screen">The terminal.</param>
/// <param name="view">The view.</param>
/// <param name="journey">What moves.</param>
internal sealed class ViewLoop(TerminalScreen screen, ViewSession view, Journey journey)
{
    private const int UnhurriedMilliseconds = 200;
    private const int WaitMilliseconds = 60_000;
    private const int SettleMilliseconds = 40;
    private const int BusyMilliseconds = 100;

    /// <summary>Runs until the user quits.</summary>
    public void Run()
    {
        bool isSettled = false;
        KeyStroke? next = null;
        while (true)
        {
            (int columns, int rows) = screen.Size;
            screen.Draw(view.Page(columns, rows));
            next ??= screen.Read(isSettled ? WaitMilliseconds : SettleMilliseconds);
            if (next is not { } key)
            {
                next = Do(() => view.Settle(), anyKeyStops: true);
                isSettled = true;
                continue;
            }

            next = null;
            ViewAnswer answer = view.Take(key);
            if (answer.Kind == ViewAnswerKind.Quit)
            {
                return;
            }

            if (answer.Work is { } work)
            {
                Do(work, anyKeyStops: false);
                isSettled = false;
            }
        }
    }

    /// <summary>Does something on another thread, and tells that it is at work when it takes long.</summary>
    /// <returns>The key that has stopped it, if any key does.</returns>
    private KeyStroke? Do(Action work, bool anyKeyStops)
    {
        Task task = Task.Run(work);
        KeyStroke? stopped = null;
        bool isDone = Task.WaitAny([task], anyKeyStops ? 0 : UnhurriedMilliseconds) == 0;
        while (!isDone)
        {
            if (!anyKeyStops)
            {
                (int columns, int rows) = screen.Size;
                screen.Draw(view.Busy(columns, rows, journey.Course.Stage.Kernel.Time));
            }

            KeyStroke? key = stopped is null ? screen.Read(anyKeyStops ? SettleMilliseconds : BusyMilliseconds) : null;
            if (key is { IsInterrupt: true } || (anyKeyStops && key is not null))
            {
                journey.Interrupt();
                stopped = anyKeyStops ? key : null;
            }

            isDone = Task.WaitAny([task], stopped is null ? 0 : BusyMilliseconds) == 0;
        }

        try
        {
            task.GetAwaiter().GetResult();
        }
        catch (DepartedException departed)
        {
            view.Tell(departed.Message);
        }

        return stopped;
    }
}
