using System.Runtime.InteropServices;
using Iced.Intel;
using MmuEmu.Tests.Fuzz;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Oracles;

/// <summary>The processor that the tests run on, as an oracle: runs one instruction on given registers, in this process.</summary>
/// <remarks>
/// A frame of assembler loads all registers from <see cref="Frame"/>, runs the instruction and stores them again. Only
/// instructions that cannot fault with the given operands may be run; memory operands must lie in <see cref="Memory"/>.
/// RSP and R15 stay the host's, so instructions must not name them.
/// </remarks>
public sealed unsafe class HostCpu : IDisposable
{
    public const int MemoryBytes = 1024;
    private const int CodeBytes = 4096;
    private const int Template = 512;
    private readonly byte* _code;
    private readonly HostFrame* _frame;
    private readonly byte* _memory;
    private int _codeLength;

    public HostCpu()
    {
        _code = (byte*)Map(0, CodeBytes, 7, 0x22, -1, 0);
        if (_code == (byte*)-1)
        {
            throw new InvalidOperationException("no executable memory");
        }

        _frame = (HostFrame*)NativeMemory.AlignedAlloc((nuint)sizeof(HostFrame), 64);
        _memory = (byte*)NativeMemory.AlignedAlloc(MemoryBytes, 4096);
        NativeMemory.Clear(_frame, (nuint)sizeof(HostFrame));
        NativeMemory.Clear(_memory, MemoryBytes);
    }

    /// <summary>True where the oracle can run: x86-64 Linux on a processor of a maker that the emulator models.</summary>
    public static bool Present => HostProcessor.Vendor is not null;

    /// <summary>True where the host has YMM registers, which the frame then exchanges too.</summary>
    public static bool HasYmm => System.Runtime.Intrinsics.X86.Avx.IsSupported;

    /// <summary>Registers before and after.</summary>
    public ref HostFrame Frame => ref *_frame;

    /// <summary>Where memory operands lie.</summary>
    public Span<byte> Memory => new(_memory, MemoryBytes);

    /// <summary>Address of <see cref="Memory"/>; aligned to a page.</summary>
    public ulong MemoryAddress => (ulong)_memory;

    /// <summary>Address of the prepared instruction.</summary>
    public ulong InstructionAddress { get; private set; }

    /// <summary>Makes <paramref name="instruction"/> the one that <see cref="Run"/> executes.</summary>
    public void Prepare(ReadOnlySpan<byte> instruction)
    {
        Assembler a = new(64);
        Enter(a);
        InstructionAddress = (ulong)_code + (ulong)Encode(a).Length;
        a.db(instruction.ToArray());
        Leave(a);
        byte[] bytes = Encode(a);
        _codeLength = bytes.Length;
        if (_codeLength > CodeBytes - Template)
        {
            throw new InvalidOperationException("frame too long");
        }

        bytes.CopyTo(new Span<byte>(_code, CodeBytes));
    }

    /// <summary>Runs the prepared instruction.</summary>
    public void Run() => ((delegate* unmanaged<HostFrame*, void>)_code)(_frame);

    public void Dispose()
    {
        _ = Unmap(_code, CodeBytes);
        NativeMemory.AlignedFree(_frame);
        NativeMemory.AlignedFree(_memory);
    }

    private static readonly AssemblerRegister64[] General =
        [rax, rcx, rdx, rbx, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14];

    private byte[] Encode(Assembler a)
    {
        using MemoryStream stream = new();
        a.Assemble(new StreamCodeWriter(stream), (ulong)_code);
        return stream.ToArray();
    }

    private static void Enter(Assembler a)
    {
        foreach (AssemblerRegister64 saved in (AssemblerRegister64[])[rbx, rbp, r12, r13, r14, r15])
        {
            a.push(saved);
        }

        a.mov(r15, rdi);
        a.fxrstor64(__[r15 + HostFrame.FxOffset]);
        for (int i = 0; i < 16 && HasYmm; i++)
        {
            a.vmovups(Ymm(i), __ymmword_ptr[r15 + HostFrame.YmmOffset + (32 * i)]);
        }

        a.push(__qword_ptr[r15 + HostFrame.FlagsOffset]);
        foreach (AssemblerRegister64 register in General)
        {
            a.mov(register, __qword_ptr[r15 + OffsetOf(register)]);
        }

        a.popfq();
    }

    private static void Leave(Assembler a)
    {
        foreach (AssemblerRegister64 register in General)
        {
            a.mov(__qword_ptr[r15 + OffsetOf(register)], register);
        }

        a.pushfq();
        a.pop(__qword_ptr[r15 + HostFrame.FlagsOffset]);
        a.fxsave64(__[r15 + HostFrame.FxOffset]);
        for (int i = 0; i < 16 && HasYmm; i++)
        {
            a.vmovups(__ymmword_ptr[r15 + HostFrame.YmmOffset + (32 * i)], Ymm(i));
        }

        if (HasYmm)
        {
            a.vzeroupper();
        }

        a.fninit();
        a.mov(__dword_ptr[r15 + HostFrame.ScratchOffset], 0x1F80);
        a.ldmxcsr(__dword_ptr[r15 + HostFrame.ScratchOffset]);
        a.cld();
        foreach (AssemblerRegister64 saved in (AssemblerRegister64[])[r15, r14, r13, r12, rbp, rbx])
        {
            a.pop(saved);
        }

        a.ret();
    }

    private static AssemblerRegisterYMM Ymm(int number) => new(Register.YMM0 + number);

    private static int OffsetOf(AssemblerRegister64 register) => HostFrame.GeneralOffset + (((Register)register).GetNumber() * 8);

    [DllImport("libc", EntryPoint = "mmap")]
    private static extern void* Map(nint at, nuint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "munmap")]
    private static extern int Unmap(void* at, nuint length);
}

/// <summary>Registers as <see cref="HostCpu"/> exchanges them with its native frame.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct HostFrame
{
    public const int FxOffset = 0;
    public const int GeneralOffset = 512;
    public const int FlagsOffset = 640;
    public const int ScratchOffset = 648;
    public const int YmmOffset = 704;

    /// <summary>FXSAVE image; its XMM registers count only where the host has no YMM registers, or after the run.</summary>
    public fixed byte Fx[512];

    /// <summary>General registers in the hardware's order; RSP and R15 are not used.</summary>
    public fixed ulong General[16];

    /// <summary>RFLAGS.</summary>
    public ulong Flags;

    /// <summary>Used by the frame itself.</summary>
    public ulong Scratch;

    /// <summary>Keeps <see cref="Ymm"/> at a multiple of 64.</summary>
    public fixed ulong Gap[6];

    /// <summary>The sixteen YMM registers.</summary>
    public fixed byte Ymm[16 * 32];
}
