using System.Buffers.Binary;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Exec;

/// <summary>The keys of the auxiliary vector.</summary>
/// <remarks>Source: [Linux include/uapi/linux/auxvec.h].</remarks>
internal enum AuxKey
{
    /// <summary>End of the vector.</summary>
    Null = 0,

    /// <summary>Address of the program headers.</summary>
    ProgramHeaders = 3,

    /// <summary>Bytes of one program header.</summary>
    ProgramHeaderBytes = 4,

    /// <summary>Number of program headers.</summary>
    ProgramHeaderCount = 5,

    /// <summary>Bytes of a page.</summary>
    PageBytes = 6,

    /// <summary>Load address of the interpreter; 0 without one.</summary>
    InterpreterBase = 7,

    /// <summary>Flags; 0.</summary>
    Flags = 8,

    /// <summary>Entry point of the program.</summary>
    Entry = 9,

    /// <summary>Real user id.</summary>
    Uid = 11,

    /// <summary>Effective user id.</summary>
    EffectiveUid = 12,

    /// <summary>Real group id.</summary>
    Gid = 13,

    /// <summary>Effective group id.</summary>
    EffectiveGid = 14,

    /// <summary>The processor's name, a string.</summary>
    Platform = 15,

    /// <summary>CPUID.1:EDX.</summary>
    Hwcap = 16,

    /// <summary>Ticks per second of times().</summary>
    ClockTicks = 17,

    /// <summary>1 when started with raised rights.</summary>
    Secure = 23,

    /// <summary>Sixteen random bytes.</summary>
    Random = 25,

    /// <summary>Further capability bits.</summary>
    Hwcap2 = 26,

    /// <summary>The program's file name, a string.</summary>
    ExecFileName = 31,

    /// <summary>Where the vDSO begins.</summary>
    VdsoHeader = 33,

    /// <summary>Bytes that a signal frame needs at least.</summary>
    MinSignalStackBytes = 51,
}

/// <summary>What a new program finds on its stack, as bytes that end at the top of the stack.</summary>
/// <remarks>
/// <code>
///   top     8 zero bytes
///           file name, environment strings, argument strings, platform, 16 random bytes
///           padding to a multiple of 16
///           auxiliary vector, ending in a null pair
///           environment pointers, null
///           argument pointers, null
///   RSP     argc
/// </code>
/// Source: [x86-64 psABI, "Initial Stack and Register State"]; [Linux fs/binfmt_elf.c, create_elf_tables].
/// </remarks>
internal sealed class InitialStack
{
    /// <summary>The most that arguments and environment may take, together with their pointers.</summary>
    public const int MaxBytes = 2 << 20;

    private readonly ulong _top;
    private readonly List<byte[]> _strings = [];
    private ulong _at;

    private InitialStack(VirtAddr top)
    {
        _top = top.Raw;
        _at = _top - 8;
        _strings.Add(new byte[8]);
    }

    /// <summary>RSP at entry: a multiple of 16.</summary>
    public VirtAddr Pointer { get; private set; }

    /// <summary>The bytes from <see cref="Pointer"/> up to the top.</summary>
    public byte[] Bytes { get; private set; } = [];

    /// <summary>The auxiliary vector alone, as /proc/PID/auxv shows it.</summary>
    public byte[] Auxiliary { get; private set; } = [];

    /// <summary>Lays the stack out below <paramref name="top"/>.</summary>
    /// <param name="top">One past the highest byte, page-aligned.</param>
    /// <param name="program">Name, arguments and environment.</param>
    /// <param name="auxiliary">The vector's numbers; the four entries that point to the stack are added here.</param>
    /// <param name="random">The sixteen bytes of AT_RANDOM.</param>
    public static InitialStack Build(
        VirtAddr top, ProgramInfo program, IReadOnlyList<(AuxKey Key, ulong Value)> auxiliary, ReadOnlySpan<byte> random)
    {
        InitialStack stack = new(top);
        ulong fileName = stack.Push(program.Path);
        ulong[] environment = stack.PushAll(program.Environment);
        ulong[] arguments = stack.PushAll(program.Arguments);
        ulong platform = stack.Push("x86_64");
        ulong randomBytes = stack.Push(random.ToArray());
        List<ulong> words = [(ulong)arguments.Length, .. arguments, 0, .. environment, 0];
        int auxiliaryAt = words.Count * 8;
        foreach ((AuxKey key, ulong value) in auxiliary)
        {
            words.AddRange([(ulong)key, value]);
        }

        words.AddRange([(ulong)AuxKey.Random, randomBytes, (ulong)AuxKey.ExecFileName, fileName, (ulong)AuxKey.Platform, platform, 0, 0]);
        stack.Finish(words, auxiliaryAt);
        return stack;
    }

    private ulong[] PushAll(IReadOnlyList<string> texts)
    {
        ulong[] addresses = new ulong[texts.Count];
        for (int i = texts.Count - 1; i >= 0; i--)
        {
            addresses[i] = Push(texts[i]);
        }

        return addresses;
    }

    private ulong Push(string text) => Push([.. GuestText.Bytes(text), 0]);

    private ulong Push(byte[] bytes)
    {
        _strings.Add(bytes);
        _at -= (ulong)bytes.Length;
        return _at;
    }

    private void Finish(List<ulong> words, int auxiliaryAt)
    {
        ulong start = ((_at & ~0xFUL) - ((ulong)words.Count * 8)) & ~0xFUL;
        Pointer = new VirtAddr(start);
        Bytes = new byte[_top - start];
        for (int i = 0; i < words.Count; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(Bytes.AsSpan(i * 8), words[i]);
        }

        ulong at = _top;
        foreach (byte[] text in _strings)
        {
            at -= (ulong)text.Length;
            text.CopyTo(Bytes, (int)(at - start));
        }

        Auxiliary = Bytes.AsSpan(auxiliaryAt, (words.Count * 8) - auxiliaryAt).ToArray();
    }
}
