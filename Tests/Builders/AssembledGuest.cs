using System.Buffers.Binary;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Builders;

/// <summary>A static ELF program written with Iced's assembler: code at <see cref="Code"/>, 64 KiB of zeroed data at <see cref="Data"/>.</summary>
/// <remarks>It declares all proposals, as a program with the guest header does; <see cref="Undeclared"/> makes one that does not.</remarks>
public static class AssembledGuest
{
    public const ulong Code = 0x40_1000;
    public const ulong Data = 0x60_0000;
    public const int DataBytes = 0x1_0000;
    private const int FileCodeOffset = 0x1000;
    private const int NoteOffset = 0x800;

    /// <summary>The file.</summary>
    public static byte[] Build(Action<Assembler> write)
    {
        Assembler assembler = new(64);
        write(assembler);
        using MemoryStream code = new();
        assembler.Assemble(new StreamCodeWriter(code), Code);
        return Build(code.ToArray());
    }

    /// <summary>The file around raw code bytes.</summary>
    public static byte[] Build(byte[] code)
    {
        byte[] file = new byte[FileCodeOffset + code.Length];
        ReadOnlySpan<byte> identity = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        identity.CopyTo(file);
        Put16(file, 16, 2);
        Put16(file, 18, 62);
        Put32(file, 20, 1);
        Put64(file, 24, Code);
        Put64(file, 32, 64);
        Put16(file, 52, 64);
        Put16(file, 54, 56);
        Put16(file, 56, 3);
        Segment(file, 64, flags: 5, FileCodeOffset, Code, (ulong)code.Length, (ulong)code.Length);
        Segment(file, 120, flags: 6, 0, Data, 0, DataBytes);
        byte[] note = Note(7);
        Segment(file, 176, flags: 4, NoteOffset, 0, (ulong)note.Length, (ulong)note.Length);
        Put32(file, 176, 4);
        note.CopyTo(file, NoteOffset);
        code.CopyTo(file, FileCodeOffset);
        return file;
    }

    /// <summary>The same program without its declaration.</summary>
    public static byte[] Undeclared(Action<Assembler> write)
    {
        byte[] file = Build(write);
        Put32(file, 176, 0);
        return file;
    }

    /// <summary>The note by which a program declares proposals: 1 vrange, 2 MADV_FREE of 2014, 4 MADV_USERFAULT and remap_anon_pages.</summary>
    public static byte[] Note(uint proposals) => [7, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, .. "MmuEmu\0"u8, 0, .. BitConverter.GetBytes(proposals)];

    /// <summary>A system call with up to six constant arguments.</summary>
    public static void Call(this Assembler a, ulong number, params ulong[] arguments)
    {
        AssemblerRegister64[] registers = [rdi, rsi, rdx, r10, r8, r9];
        for (int i = 0; i < arguments.Length; i++)
        {
            a.mov(registers[i], arguments[i]);
        }

        a.mov(rax, number);
        a.syscall();
    }

    /// <summary>A system call by <c>int $0x80</c>, with up to six constant arguments.</summary>
    public static void Int80(this Assembler a, ulong number, params ulong[] arguments)
    {
        AssemblerRegister64[] registers = [rbx, rcx, rdx, rsi, rdi, rbp];
        for (int i = 0; i < arguments.Length; i++)
        {
            a.mov(registers[i], arguments[i]);
        }

        a.mov(rax, number);
        a.@int(0x80);
    }

    /// <summary>mmap of private anonymous memory at a fixed place.</summary>
    public static void MapAt(this Assembler a, ulong address, ulong length) => a.Call(9, address, length, 3, 0x32, ulong.MaxValue, 0);

    /// <summary>rt_sigaction: the handler at a label, with SA_SIGINFO, SA_RESTORER and <paramref name="flags"/>.</summary>
    public static void Handle(this Assembler a, ulong signal, Label handler, Label restorer, ulong flags = 0)
    {
        const ulong Action = Data + 0xF000;
        a.mov(rbx, Action);
        a.lea(rax, __[handler]);
        a.mov(__[rbx], rax);
        a.mov(rax, 0x0400_0004 | flags);
        a.mov(__[rbx + 8], rax);
        a.lea(rax, __[restorer]);
        a.mov(__[rbx + 16], rax);
        a.mov(__qword_ptr[rbx + 24], 0);
        a.Call(13, signal, Action, 0, 8);
    }

    /// <summary>The code that handlers return to.</summary>
    public static void Restorer(this Assembler a, ref Label restorer)
    {
        a.Label(ref restorer);
        a.mov(eax, 15);
        a.syscall();
    }

    /// <summary>Writes bytes of memory to standard output and ends with 0.</summary>
    public static void PrintAndExit(this Assembler a, ulong address, ulong length)
    {
        a.Call(1, 1, address, length);
        a.Call(231, 0);
    }

    private static void Segment(byte[] file, int at, uint flags, ulong offset, ulong address, ulong fileBytes, ulong memoryBytes)
    {
        Put32(file, at, 1);
        Put32(file, at + 4, flags);
        Put64(file, at + 8, offset);
        Put64(file, at + 16, address);
        Put64(file, at + 32, fileBytes);
        Put64(file, at + 40, memoryBytes);
        Put64(file, at + 48, 4096);
    }

    private static void Put16(byte[] file, int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);

    private static void Put32(byte[] file, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);

    private static void Put64(byte[] file, int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at), value);
}
