using System.Text;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Exec;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Signals;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Life;

/// <summary>execve: another program in the same process.</summary>
/// <remarks>Source: [Linux fs/exec.c, begin_new_exec; fs/binfmt_script.c].</remarks>
internal static class Execution
{
    private const int MaxScriptDepth = 5;
    private const int HeadBytes = 256;
    private const int NameBytes = 15;

    /// <summary>Loads the program and makes the thread start it; on failure nothing has changed.</summary>
    /// <param name="system">The parts.</param>
    /// <param name="thread">The caller; the other threads of its process end.</param>
    /// <param name="program">File, arguments and environment; the file of a script is replaced by its interpreter.</param>
    /// <returns>A failure with errno None on success.</returns>
    public static ExecFailure Run(TaskSystem system, UserThread thread, ProgramInfo program)
    {
        ExecFailure failure = Resolve(system, thread.Process, ref program, out ElfImage? image);
        if (failure.Errno != Errno.None)
        {
            return failure;
        }

        if (!InterpreterSearch.TryFind(system.Files, thread.Process.WorkingDirectory, image!, out ExecFile? interpreter, out failure))
        {
            return failure;
        }

        if (!ProgramLoader.Load(system, new ExecFile(image!, program.File), interpreter, program).Ok(out LoadedProgram? loaded, out Errno errno))
        {
            return new ExecFailure(errno, default);
        }

        Commit(system, thread, program, loaded);
        return default;
    }

    /// <summary>Follows scripts to their interpreter, and checks the file.</summary>
    private static ExecFailure Resolve(TaskSystem system, Process process, ref ProgramInfo program, out ElfImage? image)
    {
        image = null;
        for (int depth = 0; depth < MaxScriptDepth; depth++)
        {
            if (program.File.Kind != InodeKind.Regular || program.File.Content is not { } content)
            {
                return new ExecFailure(Errno.EACCES, default);
            }

            byte[] head = new byte[HeadBytes];
            if (!content.Read(0, head).Ok(out int count, out Errno errno))
            {
                return new ExecFailure(errno, default);
            }

            if (ElfParser.TryParse(content, out image, out ElfRefusal refusal))
            {
                return default;
            }

            if (!head.AsSpan(0, count).StartsWith("#!"u8))
            {
                return new ExecFailure(refusal.Errno, refusal);
            }

            ExecFailure failure = ToInterpreter(system, process, ref program, head.AsSpan(2, count - 2));
            if (failure.Errno != Errno.None)
            {
                return failure.Refusal.Problem == ElfProblem.None ? failure with { Refusal = refusal } : failure;
            }
        }

        return new ExecFailure(Errno.ELOOP, default);
    }

    private static ExecFailure ToInterpreter(TaskSystem system, Process process, ref ProgramInfo program, ReadOnlySpan<byte> script)
    {
        int end = script.IndexOf((byte)'\n');
        string line = Encoding.UTF8.GetString(script[..(end < 0 ? script.Length : end)]).Trim();
        int space = line.IndexOfAny([' ', '\t']);
        string interpreter = space < 0 ? line : line[..space];
        if (!system.Files.Find(process.WorkingDirectory, interpreter, LastLink.Follow).Ok(out Place? place, out Errno errno))
        {
            return interpreter.Length == 0
                ? new ExecFailure(Errno.ENOEXEC, default)
                : new ExecFailure(errno, new ElfRefusal(ElfProblem.NoInterpreter) { Interpreter = interpreter });
        }

        List<string> arguments = [interpreter];
        if (space >= 0)
        {
            arguments.Add(line[space..].Trim());
        }

        arguments.Add(program.Path);
        for (int i = 1; i < program.Arguments.Count; i++)
        {
            arguments.Add(program.Arguments[i]);
        }

        program = new ProgramInfo(interpreter, place.Inode, arguments, program.Environment) { Location = place.Path };
        return default;
    }

    private static void Commit(TaskSystem system, UserThread thread, ProgramInfo program, LoadedProgram loaded)
    {
        Process process = thread.Process;
        ThreadEnd.EndOthers(system, thread);
        ContextSwitch.Enter(system, loaded.Space);
        loaded.Space.ForbidsHuge = process.Memory?.Space.ForbidsHuge ?? false;
        process.LeftPeakPages = process.Used.PeakPages;
        process.Memory?.Leave();
        process.Memory = new SharedSpace(system.Memory, loaded.Space);
        process.Program = program with { AuxiliaryVector = loaded.Stack.Auxiliary };
        thread.Name = ShortName(program.Path);
        process.StackStart = loaded.Stack.Pointer;
        process.HoldsParent = false;
        process.Actions = process.Actions.Copy();
        process.Actions.ResetHandlers();
        process.Files.CloseOnExec();
        process.Timers.Clear();
        (thread.AltStack, thread.Trap, thread.SavedMask) = (AltStack.None, default, null);
        (thread.ClearOnExit, thread.RobustList) = (default, default);
        system.Trace.Tid = thread.Tid;
        UserContext registers = thread.Registers;
        registers.Reset();
        registers.Rip = loaded.Entry.Raw;
        registers.Registers[Gpr.Rsp] = loaded.Stack.Pointer.Raw;
        if (system.Current == thread)
        {
            system.Core.Vcpu.Load(registers);
        }

        system.Trace.For(KernelEvent.Task)?.Take(
            process, new TraceEvent(KernelEvent.Task) { Detail = new TaskDetail(TaskChange.Executed, process.ParentPid, 0, program.Path) });
    }

    private static string ShortName(string path)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        return name.Length > NameBytes ? name[..NameBytes] : name;
    }
}
