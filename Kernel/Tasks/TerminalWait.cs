using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Tasks;

/// <summary>Finds out whether somebody waits for what a person types.</summary>
internal static class TerminalWait
{
    /// <summary>The terminal that a thread waits to read; null when none does.</summary>
    public static IHostStream? Find(TaskSystem system)
    {
        foreach (Process process in system.Processes.All)
        {
            if (process.State != ProcessState.Alive)
            {
                continue;
            }

            foreach (UserThread thread in process.Threads)
            {
                if (thread.State == RunState.Waiting && Of(process, thread.Wait!.Cause) is { } terminal)
                {
                    return terminal;
                }
            }
        }

        return null;
    }

    private static IHostStream? Of(Process process, WaitCause cause) => cause switch
    {
        ReadableWait wait => Of(wait.File),
        PollWait wait => Of(process, wait.Set),
        SelectWait wait => Of(process, wait.Set),
        EPollWait wait => Of(wait.List),
        _ => null,
    };

    private static IHostStream? Of(OpenFile file) => file.Content is HostStreamContent { Stream: { IsTerminal: true } stream } ? stream : null;

    private static IHostStream? Of(Process process, IReadOnlyList<AwaitedDescriptor> set)
    {
        foreach (AwaitedDescriptor one in set)
        {
            if ((one.Events & PollEvents.In) != 0 && process.Files.TryGet(one.Descriptor, out OpenFile? file) && Of(file) is { } stream)
            {
                return stream;
            }
        }

        return null;
    }

    private static IHostStream? Of(InterestList list)
    {
        foreach (OpenFile file in list.Files)
        {
            if (Of(file) is { } stream)
            {
                return stream;
            }
        }

        return null;
    }
}
