using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Fuzz;

/// <summary>The code around the cases: loads a state, jumps to the case, keeps what it left or the signal it got.</summary>
/// <remarks>
/// Data is addressed absolutely and the runner's stack is set anew for each case, so a case may leave any register in any
/// state. The signal handler does not return: it goes on with the next case.
/// </remarks>
public sealed class FuzzRunner
{
    /// <summary>Results that are gathered before a write.</summary>
    public const int ResultsPerWrite = 32;

    private const int Save = 0;
    private const int NextCase = 256;
    private const int Left = 264;
    private const int NextOutput = 272;
    private const int CodeAt = 280;
    private const int Structure = 320;
    private const ulong CleanFlags = 0x202;

    private static readonly AssemblerRegister64[] General = [rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15];

    /// <summary>struct sigcontext: its words, by number of the register in encodings.</summary>
    private static readonly int[] ContextWords = [13, 14, 12, 11, 15, 10, 9, 8, 0, 1, 2, 3, 4, 5, 6, 7];

    private static readonly int[] Signals = [4, 5, 7, 8, 11];

    private readonly Assembler _a = new(64);
    private readonly IReadOnlyList<FuzzWindow> _windows;
    private readonly int _cases;
    private readonly int _outputBytes;
    private Label _next;
    private Label _common;
    private Label _handler;

    private FuzzRunner(IReadOnlyList<FuzzWindow> windows, int cases)
    {
        (_windows, _cases) = (windows, cases);
        ResultBytes = FuzzResult.Windows + windows.Sum(window => window.Bytes);
        _outputBytes = ResultBytes * ResultsPerWrite;
        _next = _a.CreateLabel();
        _common = _a.CreateLabel();
        _handler = _a.CreateLabel();
    }

    /// <summary>Bytes that each case writes.</summary>
    public int ResultBytes { get; }

    /// <summary>The code; it starts at <see cref="FuzzLayout.Runner"/>.</summary>
    public byte[] Code { get; private set; } = [];

    /// <summary>Where cases jump when they are done.</summary>
    public ulong Done { get; private set; }

    /// <summary>Where taken branches of cases jump.</summary>
    public ulong Taken { get; private set; }

    /// <summary>The runner for <paramref name="cases"/> cases that keeps these pieces of memory.</summary>
    public static FuzzRunner For(IReadOnlyList<FuzzWindow> windows, int cases)
    {
        FuzzRunner runner = new(windows, cases);
        Label done = runner._a.CreateLabel();
        Label taken = runner._a.CreateLabel();
        runner.Start();
        runner.LoadCase();
        runner.KeepRegisters(ref done, ref taken);
        runner.KeepRest();
        runner.Handle();
        using MemoryStream stream = new();
        AssemblerResult result = runner._a.Assemble(new StreamCodeWriter(stream), FuzzLayout.Runner, BlockEncoderOptions.ReturnNewInstructionOffsets);
        (runner.Code, runner.Done, runner.Taken) = (stream.ToArray(), result.GetLabelRIP(done), result.GetLabelRIP(taken));
        return runner;
    }

    private static AssemblerMemoryOperand Word(int offset) => __qword_ptr[(long)FuzzLayout.Control + offset];

    private void Start()
    {
        _a.mov(rsp, FuzzLayout.Stack + FuzzLayout.StackBytes);
        // Neither the first stack nor the kernel's own pages may lie where a wild address of a case points.
        _a.mov(rdi, FuzzLayout.EndOfProgram);
        _a.mov(rsi, FuzzLayout.EndOfUserSpace - FuzzLayout.EndOfProgram);
        _a.mov(eax, 11);
        _a.syscall();
        _a.mov(rax, FuzzLayout.AltStack);
        _a.mov(Word(Structure), rax);
        _a.mov(Word(Structure + 8), 0);
        _a.mov(Word(Structure + 16), FuzzLayout.StackBytes);
        _a.mov(edi, (int)FuzzLayout.Control + Structure);
        _a.xor(esi, esi);
        _a.mov(eax, 131);
        _a.syscall();
        foreach (int signal in Signals)
        {
            Catch(signal);
        }

        // Present on both sides from the first case on: a fault's error code tells.
        _a.mov(rax, __qword_ptr[(long)FuzzLayout.ReadOnlyPage]);
        _a.mov(Word(NextCase), (int)FuzzLayout.Records);
        _a.mov(Word(Left), _cases);
        _a.mov(Word(NextOutput), (int)FuzzLayout.Output);
    }

    private void Catch(int signal)
    {
        const int SigInfoOnStackNoDeferRestorer = 0x4C00_0004;
        _a.lea(rax, __[_handler]);
        _a.mov(Word(Structure), rax);
        _a.mov(Word(Structure + 8), SigInfoOnStackNoDeferRestorer);
        _a.mov(Word(Structure + 16), rax);
        _a.mov(Word(Structure + 24), 0);
        _a.mov(edi, signal);
        _a.mov(esi, (int)FuzzLayout.Control + Structure);
        _a.xor(edx, edx);
        _a.mov(r10d, 8);
        _a.mov(eax, 13);
        _a.syscall();
    }

    private void LoadCase()
    {
        _a.Label(ref _next);
        _a.mov(rbx, Word(NextCase));
        _a.mov(rax, FuzzLayout.FsBase);
        _a.wrfsbase(rax);
        _a.mov(rax, FuzzLayout.GsBase);
        _a.wrgsbase(rax);
        _a.mov(rsi, __qword_ptr[rbx + FuzzRecord.Memory]);
        foreach (FuzzWindow window in _windows)
        {
            _a.mov(edi, (int)window.At);
            Copy(window.Bytes);
        }

        foreach ((int at, int value) in ((int, int)[])[(FuzzRecord.Patch1At, FuzzRecord.Patch1Value), (FuzzRecord.Patch2At, FuzzRecord.Patch2Value)])
        {
            _a.mov(rax, __qword_ptr[rbx + at]);
            _a.mov(rcx, __qword_ptr[rbx + value]);
            _a.mov(__qword_ptr[rax], rcx);
        }

        _a.mov(rcx, __qword_ptr[rbx + FuzzRecord.Code]);
        _a.mov(Word(CodeAt), rcx);
        _a.mov(rsi, __qword_ptr[rbx + FuzzRecord.Image]);
        _a.mov(eax, 7);
        _a.xor(edx, edx);
        _a.xrstor64(__[rsi]);
        _a.push(__qword_ptr[rbx + FuzzRecord.Flags]);
        _a.popfq();
        foreach (AssemblerRegister64 register in General.Where(register => register != rbx))
        {
            _a.mov(register, __qword_ptr[rbx + NumberOf(register)]);
        }

        _a.mov(rbx, __qword_ptr[rbx + NumberOf(rbx)]);
        _a.jmp(Word(CodeAt));
    }

    private void KeepRegisters(ref Label done, ref Label taken)
    {
        const int Rip = Save + FuzzResult.Rip - FuzzResult.Registers;
        Label both = _a.CreateLabel();
        _a.Label(ref taken);
        _a.mov(Word(Rip), 1);
        _a.jmp(both);
        _a.Label(ref done);
        _a.mov(Word(Rip), 0);
        _a.Label(ref both);
        foreach (AssemblerRegister64 register in General)
        {
            _a.mov(Word(Save + NumberOf(register)), register);
        }

        _a.mov(esp, (int)FuzzLayout.Stack + FuzzLayout.StackBytes);
        _a.pushfq();
        _a.pop(Word(Save + FuzzResult.Flags - FuzzResult.Registers));
        Clean();
        _a.xor(eax, eax);
        for (int word = FuzzResult.Signal; word <= FuzzResult.Cr2; word += 8)
        {
            _a.mov(Word(Save + word - FuzzResult.Registers), rax);
        }

        _a.mov(rdi, Word(NextOutput));
        _a.mov(eax, 7);
        _a.xor(edx, edx);
        _a.xsave64(__[rdi]);
        _a.add(rdi, FuzzLayout.ImageBytes);
    }

    /// <summary>RDI is behind the XSAVE area of this result.</summary>
    private void KeepRest()
    {
        Label skip = _a.CreateLabel();
        _a.Label(ref _common);
        _a.rdfsbase(rax);
        _a.mov(Word(Save + FuzzResult.FsBase - FuzzResult.Registers), rax);
        _a.rdgsbase(rax);
        _a.mov(Word(Save + FuzzResult.GsBase - FuzzResult.Registers), rax);
        _a.mov(esi, (int)FuzzLayout.Control + Save);
        Copy(FuzzResult.Windows - FuzzResult.Registers);
        CopyWindows(_windows);
        _a.mov(Word(NextOutput), rdi);
        _a.cmp(rdi, (int)FuzzLayout.Output + _outputBytes);
        _a.jb(skip);
        Write();
        _a.Label(ref skip);
        _a.add(Word(NextCase), FuzzLayout.RecordBytes);
        _a.dec(Word(Left));
        _a.jne(_next);
        Write();

        // At the end all written memory, in case something was written outside the windows.
        _a.mov(rdi, Word(NextOutput));
        CopyWindows(FuzzLayout.WholeWindows);
        _a.mov(Word(NextOutput), rdi);
        Write();
        _a.xor(edi, edi);
        _a.mov(eax, 231);
        _a.syscall();
    }

    private void CopyWindows(IReadOnlyList<FuzzWindow> windows)
    {
        foreach (FuzzWindow window in windows)
        {
            _a.mov(esi, (int)window.At);
            Copy(window.Bytes);
        }
    }

    private void Write()
    {
        Label again = _a.CreateLabel();
        Label all = _a.CreateLabel();
        _a.mov(esi, (int)FuzzLayout.Output);
        _a.Label(ref again);
        _a.mov(rdx, Word(NextOutput));
        _a.sub(rdx, rsi);
        _a.je(all);
        _a.mov(edi, 1);
        _a.mov(eax, 1);
        _a.syscall();
        _a.add(rsi, rax);
        _a.jmp(again);
        _a.Label(ref all);
        _a.mov(Word(NextOutput), (int)FuzzLayout.Output);
    }

    /// <summary>The signal handler: RSI is the siginfo, RDX the ucontext.</summary>
    private void Handle()
    {
        const int Context = 40;
        _a.Label(ref _handler);
        Clean();
        for (int i = 0; i < General.Length; i++)
        {
            Keep(FuzzResult.Registers + (i * 8), Context + (8 * ContextWords[i]));
        }

        Keep(FuzzResult.Rip, Context + (8 * 16));
        Keep(FuzzResult.Flags, Context + (8 * 17));
        Keep(FuzzResult.Cr2, Context + (8 * 22));
        _a.mov(eax, __dword_ptr[rdx + Context + (8 * 19)]);
        _a.mov(__dword_ptr[(long)FuzzLayout.Control + Save + FuzzResult.Trap - FuzzResult.Registers + 4], eax);
        _a.mov(eax, __dword_ptr[rdx + Context + (8 * 20)]);
        _a.mov(__dword_ptr[(long)FuzzLayout.Control + Save + FuzzResult.Trap - FuzzResult.Registers], eax);
        _a.mov(eax, __dword_ptr[rsi]);
        _a.mov(__dword_ptr[(long)FuzzLayout.Control + Save + FuzzResult.Signal - FuzzResult.Registers], eax);
        _a.mov(eax, __dword_ptr[rsi + 8]);
        _a.mov(__dword_ptr[(long)FuzzLayout.Control + Save + FuzzResult.Signal - FuzzResult.Registers + 4], eax);
        _a.mov(rax, __qword_ptr[rsi + 16]);
        _a.mov(Word(Save + FuzzResult.Address - FuzzResult.Registers), rax);
        _a.mov(rsi, __qword_ptr[rdx + Context + (8 * 23)]);
        _a.mov(rdi, Word(NextOutput));
        Copy(FuzzLayout.ImageBytes);
        _a.mov(esp, (int)FuzzLayout.Stack + FuzzLayout.StackBytes);
        _a.jmp(_common);
    }

    private void Keep(int field, int from)
    {
        _a.mov(rax, __qword_ptr[rdx + from]);
        _a.mov(Word(Save + field - FuzzResult.Registers), rax);
    }

    private void Clean()
    {
        _a.push((int)CleanFlags);
        _a.popfq();
    }

    private void Copy(int bytes)
    {
        _a.mov(ecx, bytes / 8);
        _a.rep.movsq();
    }

    private static int NumberOf(AssemblerRegister64 register) => ((Register)register).GetNumber() * 8;
}
