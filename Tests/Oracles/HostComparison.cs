using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Fuzz;

namespace MmuEmu.Tests.Oracles;

/// <summary>Runs the same instruction with the same registers on the host and on a bare core, and tells the differences.</summary>
public sealed unsafe class HostComparison(int seed) : IDisposable
{
    private const int Mxcsr = 24;
    private const int Repeats = 5;
    private static readonly int[] Compared = [0, 1, 2, 5, 6, 8, 9, 10, 11, 12, 13, 14];
    private readonly HostCpu _host = new();
    private readonly BareCore _guest = new(HostProcessor.Like(CpuModels.Max));
    private readonly Random _random = new(seed);
    private readonly byte[] _fx = new byte[512];
    private readonly byte[] _ymm = new byte[16 * 32];
    private readonly byte[] _memory = new byte[HostCpu.MemoryBytes];
    private readonly ulong[] _registers = new ulong[16];

    /// <summary>Cases run so far.</summary>
    public int Cases { get; private set; }

    /// <summary>Adjusts the random FXSAVE image of each case; MXCSR exceptions must stay masked.</summary>
    public Action<byte[], Random>? Shape { get; init; }

    /// <summary>Adjusts the sixteen random YMM registers of each case.</summary>
    public Action<byte[], Random>? ShapeVectors { get; init; }

    /// <summary>RFLAGS bits to compare, by code and x87 control word.</summary>
    public Func<Code, ushort, ulong> FlagsMask { get; init; } = (_, _) => Rflags.Arithmetic;

    /// <summary>x87 status bits to compare, by code and control word.</summary>
    public Func<Code, ushort, ushort> StatusMask { get; init; } = (_, _) => 0xFFFF;

    /// <summary>By how many units of the last place an x87 register may differ: only the transcendental instructions leave a choice.</summary>
    public Func<Code, ulong> StackUlps { get; init; } = _ => 0;

    /// <summary>Adjusts the random memory of each case.</summary>
    public Action<byte[], Random>? ShapeMemory { get; init; }

    /// <summary>Bytes of memory that are filled and compared.</summary>
    public int MemoryBytes { get; init; } = 256;

    /// <summary>False for codes that store what is not compared, such as the instruction pointer.</summary>
    public Func<Code, bool> ComparesMemory { get; init; } = _ => true;

    /// <summary>Runs <paramref name="cases"/> random cases of each form of <paramref name="code"/>; gives what differed, at most three.</summary>
    public List<string> Differences(Code code, int cases)
    {
        List<string> found = [];
        for (int batch = 0; batch < Math.Max(1, cases / 16) && found.Count < 3; batch++)
        {
            foreach (byte[] form in InstructionForms.FormsOf(code, _random))
            {
                _host.Prepare(form);
                form.CopyTo(_guest.Ram.SliceToWrite(new PhysAddr(0x40_0000), 16));
                _guest.Core.Vcpu.CodeWritten(new PhysAddr(0x40_0000), 16);
                for (int i = 0; i < 16 && found.Count < 3; i++)
                {
                    MakeCase();
                    string? difference = RunBoth(code, form.Length);
                    Cases++;
                    if (difference is not null)
                    {
                        found.Add($"{code} {Convert.ToHexString(form)}: {difference}");
                    }
                }
            }
        }

        return found;
    }

    public void Dispose()
    {
        _host.Dispose();
        _guest.Dispose();
    }

    private void MakeCase()
    {
        Array.Clear(_fx);
        BitConverter.TryWriteBytes(_fx, (ushort)(0x37F | (_random.Next(4) << 10)));
        BitConverter.TryWriteBytes(_fx.AsSpan(2), (ushort)((_random.Next(8) << 11) | (_random.Next(2) == 0 ? 0 : _random.Next(16) << 7 & 0x4700)));
        _fx[4] = (byte)_random.Next(256);
        uint mxcsr = 0x1F80U | (uint)_random.Next(64);
        mxcsr |= _random.Next(2) == 0 ? 0 : (uint)_random.Next(4) << 13;
        mxcsr |= _random.Next(4) == 0 ? 0x8000U : 0;
        mxcsr |= _random.Next(4) == 0 ? 0x40U : 0;
        BitConverter.TryWriteBytes(_fx.AsSpan(Mxcsr), mxcsr);
        BitConverter.TryWriteBytes(_fx.AsSpan(Mxcsr + 4), 0xFFFFU);
        for (int i = 0; i < 16; i++)
        {
            FloatPatterns.Fill(_fx.AsSpan(160 + (16 * i), 16), _random);
            FloatPatterns.Fill(_ymm.AsSpan((32 * i) + 16, 16), _random);
            _registers[i] = _random.Next(2) == 0 ? (ulong)_random.NextInt64() : (ulong)_random.Next(-40, 40);
        }

        for (int i = 0; i < 8; i++)
        {
            FloatPatterns.Extended(_fx.AsSpan(32 + (16 * i), 10), _random);
        }

        for (int i = 0; i < MemoryBytes; i += 16)
        {
            FloatPatterns.Fill(_memory.AsSpan(i), _random);
        }

        ShapeMemory?.Invoke(_memory, _random);
        _random.NextBytes(_fx.AsSpan(8, 16));
        BitConverter.TryWriteBytes(_fx.AsSpan(6), (ushort)_random.Next(0x800));

        Shape?.Invoke(_fx, _random);
        for (int i = 0; i < 16; i++)
        {
            _fx.AsSpan(160 + (16 * i), 16).CopyTo(_ymm.AsSpan(32 * i));
        }

        ShapeVectors?.Invoke(_ymm, _random);
        for (int i = 0; i < 16; i++)
        {
            _ymm.AsSpan(32 * i, 16).CopyTo(_fx.AsSpan(160 + (16 * i)));
        }
    }

    /// <summary>What differs, and differs again: a task switch between the host's load and its instruction zeroes the x87 pointers.</summary>
    private string? RunBoth(Code code, int length)
    {
        ulong flags = Rflags.AlwaysSet | Rflags.IF | ((ulong)_random.NextInt64() & Rflags.Arithmetic);
        string? difference = RunOnce(code, length, flags);
        for (int i = 0; i < Repeats && difference is not null; i++)
        {
            difference = RunOnce(code, length, flags);
        }

        return difference;
    }

    private string? RunOnce(Code code, int length, ulong flags)
    {
        ref HostFrame frame = ref _host.Frame;
        SetHost(ref frame, flags);
        SetGuest(flags);
        CoreExit exit = _guest.Run(1);
        if (exit.Kind != CoreExitKind.BudgetSpent)
        {
            return $"guest stops: {exit.Kind} {exit.Vector}{(exit.Unsupported ? " unsupported" : string.Empty)}";
        }

        _host.Run();
        return _guest.Rip == BareCore.Code + (ulong)length ? Compare(code, ref frame) : $"RIP {_guest.Rip:X}";
    }

    private void SetHost(ref HostFrame frame, ulong flags)
    {
        fixed (byte* fx = frame.Fx)
        {
            _fx.CopyTo(new Span<byte>(fx, 512));
        }

        fixed (byte* ymm = frame.Ymm)
        {
            _ymm.CopyTo(new Span<byte>(ymm, _ymm.Length));
        }

        for (int i = 0; i < 16; i++)
        {
            frame.General[i] = _registers[i];
        }

        frame.General[3] = _host.MemoryAddress;
        frame.General[7] = _host.MemoryAddress + 64;
        frame.Flags = flags;
        _memory.CopyTo(_host.Memory);
    }

    private void SetGuest(ulong flags)
    {
        CpuState* s = _guest.Core.Vcpu.State;
        FxImage.Load(_guest.Core.Vcpu, _fx);
        _ymm.CopyTo(new Span<byte>(s->Vectors, _ymm.Length));
        for (int i = 0; i < 16; i++)
        {
            s->Slots[i] = _registers[i];
        }

        s->Slots[Gpr.Rbx] = BareCore.Data;
        s->Slots[Gpr.Rdi] = BareCore.Data + 64;
        s->Rip = BareCore.Code;
        Rflags.Write(s, flags);
        _memory.CopyTo(_guest.DataBytes(0, _memory.Length));
    }

    private string? Compare(Code code, ref HostFrame frame)
    {
        byte[] guest = new byte[512];
        CpuState* s = _guest.Core.Vcpu.State;
        FxImage.Save(_guest.Core.Vcpu, guest);
        byte[] host = new byte[512];
        fixed (byte* fx = frame.Fx)
        {
            new ReadOnlySpan<byte>(fx, 512).CopyTo(host);
        }

        List<string> found = [];
        ushort statusMask = StatusMask(code, BitConverter.ToUInt16(_fx));
        Note(found, "FCW", BitConverter.ToUInt16(host), BitConverter.ToUInt16(guest));
        Note(found, "FSW", (ulong)(BitConverter.ToUInt16(host, 2) & statusMask), (ulong)(BitConverter.ToUInt16(guest, 2) & statusMask));
        Note(found, "FTW", host[4], guest[4]);
        Note(found, "FOP", BitConverter.ToUInt16(host, 6), BitConverter.ToUInt16(guest, 6));
        Note(found, "FIP", GuestAddress(BitConverter.ToUInt64(host, 8)), BitConverter.ToUInt64(guest, 8));
        Note(found, "FDP", GuestAddress(BitConverter.ToUInt64(host, 16)), BitConverter.ToUInt64(guest, 16));
        Note(found, "MXCSR", BitConverter.ToUInt32(host, Mxcsr), BitConverter.ToUInt32(guest, Mxcsr));
        for (int i = 32; i < 416; i += 16)
        {
            bool close = i < 160 && StackUlps(code) is > 0 and ulong ulps && Distance(host, guest, i) <= ulps;
            if (!close && !host.AsSpan(i, 16).SequenceEqual(guest.AsSpan(i, 16)))
            {
                string name = i < 160 ? $"ST{(i - 32) / 16}" : $"XMM{(i - 160) / 16}";
                found.Add($"{name} host {Hex(host, i)} guest {Hex(guest, i)} was {Hex(_fx, i)}");
            }
        }

        fixed (byte* ymm = frame.Ymm)
        {
            for (int i = 0; i < 16 && HostCpu.HasYmm; i++)
            {
                NoteUpper(found, i, new ReadOnlySpan<byte>(ymm, _ymm.Length), new ReadOnlySpan<byte>(s->Vectors, _ymm.Length));
            }
        }

        foreach (int i in Compared)
        {
            Note(found, $"R{i}", frame.General[i], s->Slots[i]);
        }

        ulong flagsMask = FlagsMask(code, BitConverter.ToUInt16(_fx));
        Note(found, "RFLAGS", frame.Flags & flagsMask, Rflags.Read(s) & flagsMask);
        if (ComparesMemory(code))
        {
            CompareMemory(found);
        }

        return found.Count == 0 ? null : string.Join("; ", found.Take(4)) + Inputs();
    }

    private void CompareMemory(List<string> found)
    {
        byte[] host = _host.Memory[..MemoryBytes].ToArray();
        byte[] guest = _guest.DataBytes(0, MemoryBytes).ToArray();
        int at = host.AsSpan().CommonPrefixLength(guest);
        if (at < MemoryBytes)
        {
            found.Add($"memory +{at}: host {Convert.ToHexString(host, at & ~15, 16)} guest {Convert.ToHexString(guest, at & ~15, 16)}");
        }
    }

    private void NoteUpper(List<string> found, int register, ReadOnlySpan<byte> host, ReadOnlySpan<byte> guest)
    {
        int at = (32 * register) + 16;
        if (!host.Slice(at, 16).SequenceEqual(guest.Slice(at, 16)))
        {
            found.Add($"YMM{register} upper host {Hex(host.ToArray(), at)} guest {Hex(guest.ToArray(), at)} was {Hex(_ymm, at)}");
        }
    }

    /// <summary>Units of the last place between two 80-bit numbers of one sign.</summary>
    private static UInt128 Distance(byte[] host, byte[] guest, int at)
    {
        UInt128 a = new(BitConverter.ToUInt16(host, at + 8), BitConverter.ToUInt64(host, at) << 1);
        UInt128 b = new(BitConverter.ToUInt16(guest, at + 8), BitConverter.ToUInt64(guest, at) << 1);
        return (a > b ? a - b : b - a) >> 1;
    }

    /// <summary>What an address of the host is on the guest's side.</summary>
    private ulong GuestAddress(ulong host) =>
        host == _host.InstructionAddress ? BareCore.Code
        : host - _host.MemoryAddress < HostCpu.MemoryBytes ? BareCore.Data + (host - _host.MemoryAddress)
        : host;

    private string Inputs() =>
        $" | FCW {BitConverter.ToUInt16(_fx):X} FSW {BitConverter.ToUInt16(_fx, 2):X} FTW {_fx[4]:X} MXCSR {BitConverter.ToUInt32(_fx, Mxcsr):X}"
        + $" ST {string.Join(' ', Enumerable.Range(0, 8).Select(i => Hex(_fx, 32 + (16 * i))[12..]))}"
        + $" XMM {string.Join(' ', Enumerable.Range(0, 16).Select(i => Hex(_fx, 160 + (16 * i))))}"
        + $" upper {string.Join(' ', Enumerable.Range(0, 16).Select(i => Hex(_ymm, (32 * i) + 16)))}"
        + $" RAX {_registers[0]:X} RCX {_registers[1]:X} mem {Convert.ToHexString(_memory.AsSpan(0, 144))}";

    private static string Hex(byte[] image, int at) => Convert.ToHexString([.. image.AsSpan(at, 16).ToArray().Reverse()]);

    private static void Note(List<string> found, string name, ulong host, ulong guest)
    {
        if (host != guest)
        {
            found.Add($"{name} host {host:X} guest {guest:X}");
        }
    }
}
