using System.Reflection;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;
using MmuEmu.Kernel.Signals;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Waiting;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Waiting;

/// <summary>The kinds of waits are a closed set of plain data, and each is known where waits are judged.</summary>
public sealed class WaitCauseTests
{
    private static readonly Type[] Kinds =
        [.. typeof(WaitCause).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(WaitCause)))];

    [Fact]
    public void Every_kind_has_an_end_and_words()
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, AssembledGuest.Build(a => a.Call(60, 0)));
        KernelOptions options = GuestRun.Options(path) with { Profile = ProfileText.Parse("copy=c7") };
        KernelBuilder.TryBuild(options, out MiniKernel? kernel, out BootFailure? failure).ShouldBeTrue(failure?.Message);
        using (kernel)
        {
            File.Delete(path);
            TaskSystem system = kernel!.System;
            UserThread thread = system.Processes.All[0].Threads[0];
            WaitCause[] one = OneOfEach(system);
            one.Select(cause => cause.GetType()).ShouldBe(Kinds, ignoreOrder: true);
            foreach (WaitCause cause in one)
            {
                thread.Sleep(new WaitFor(cause, VirtualClock.Never, MmuEmu.Kernel.Waiting.Interruption.Fails));
                WaitEnd.IsOver(system, thread).ShouldBe(IsOverAtOnce(cause), cause.ToString());
                EndText.Of(WaiterList.Of(thread)).ShouldNotBeNullOrEmpty();
                thread.Sleep(new WaitFor(cause, 0, MmuEmu.Kernel.Waiting.Interruption.Fails));
                WaitEnd.IsOver(system, thread).ShouldBeTrue();
            }
        }
    }

    [Fact]
    public void No_kind_holds_something_that_runs()
    {
        IEnumerable<string> offences =
            from type in Kinds.Append(typeof(WaitFor))
            from field in type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
            where typeof(Delegate).IsAssignableFrom(field.FieldType) || !type.IsSealed
            select $"{type.Name}.{field.Name}";

        offences.ShouldBeEmpty();
    }

    /// <summary>Kinds whose one in <see cref="OneOfEach"/> waits for what is there already: nobody holds the lock, a window is free.</summary>
    private static bool IsOverAtOnce(WaitCause cause) =>
        cause is ConnectionWait or FileLockWait or WritableWait or ChildWait or VForkWait or PageWait or PageLockWait or MmapSemWait or WindowWait;

    private static FileLock Lock(OpenFile file, FileLockMode mode) => new(FileLockKind.Flock, file, file, 7, mode);

    private static WaitCause[] OneOfEach(TaskSystem system)
    {
        Pipe pipe = new();
        OpenFile reading = new(new Inode(1, InodeKind.Pipe, 0x180) { Content = pipe.ReadEnd }, OpenFlags.ReadOnly, "pipe");
        OpenFile writing = new(new Inode(2, InodeKind.Pipe, 0x180) { Content = pipe.WriteEnd }, OpenFlags.WriteOnly, "pipe");
        return
        [
            new FutexWait(new VirtAddr(8)),
            new LockWait(new VirtAddr(8)),
            new ReadableWait(reading),
            new WritableWait(writing),
            new FileLockWait(Lock(reading, FileLockMode.Read), Lock(writing, FileLockMode.Write)),
            new ConnectionWait(new StreamSocket(SocketFamily.Local, system.Files.Sockets)),
            new PollWait([new AwaitedDescriptor(-1, PollEvents.Invalid)]),
            new SelectWait([]),
            new EPollWait(new InterestList()),
            new ChildWait(-1, ChildChanges.Exited),
            new VForkWait(7),
            new HandlerWait(),
            new SignalWait(new SignalSet(1)),
            new SleepWait(default, Narrow: false),
            new PageLockWait(new Pfn(300)),
            new MmapSemWait(1, IsWrite: true),
            new WindowWait(),
            new DeviceWait(),
            new FrameWait(),
            new VainCopyWait(new VirtAddr(8)),
            new HoldWait("mark"),
            new PageWait(new PageFault(new VirtAddr(4096), PageFaultCode.US)),
        ];
    }
}
