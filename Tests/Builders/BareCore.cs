using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Machine;
using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Tests.Builders;

/// <summary>A core with tables, a code page at <see cref="Code"/>, data pages at <see cref="Data"/> and a stack below <see cref="StackTop"/>.</summary>
/// <remarks>Model max, CPL 3, all pages user; code written with Iced's assembler ends in <c>hlt</c>, which is #GP at CPL 3, or <c>syscall</c>.</remarks>
public sealed class BareCore : IDisposable
{
    public const ulong Code = 0x40_0000;
    public const ulong Data = 0x60_0000;
    public const ulong StackTop = 0x80_0000;
    public const int DataPages = 16;
    private const PteBits User = PteBits.P | PteBits.RW | PteBits.US;
    private ulong _nextTable = 2;

    public BareCore(MmuOptions? options = null)
        : this(CpuModels.Max, options)
    {
    }

    public BareCore(CpuModel model, MmuOptions? options = null)
    {
        Ram = new PhysicalMemory(16 << 20);
        Core = new Core(Ram, options ?? new MmuOptions());
        Mode = new PagingMode(new Pfn(1), 0, PagingBits.Wp | PagingBits.Nxe | PagingBits.Pge | PagingBits.Page1G, 48, 0);
        Core.Mmu.Mode = Mode;
        Core.Vcpu.Model = model;
        for (ulong i = 0; i < 4; i++)
        {
            Map(Code + (i << 12), 0x400 + i, User);
        }

        for (ulong i = 0; i < DataPages; i++)
        {
            Map(Data + (i << 12), 0x600 + i, User | PteBits.XD);
            Map(StackTop - ((i + 1) << 12), 0x700 + i, User | PteBits.XD);
        }

        Core.Vcpu[Gpr.Rsp] = StackTop;
    }

    public PhysicalMemory Ram { get; }

    public Core Core { get; }

    public PagingMode Mode { get; }

    /// <summary>Registers by name.</summary>
    public ulong this[Register register]
    {
        get => Core.Vcpu[register.GetFullRegister().GetNumber()];
        set => Core.Vcpu[register.GetFullRegister().GetNumber()] = value;
    }

    public ulong Flags
    {
        get
        {
            unsafe
            {
                return Rflags.Read(Core.Vcpu.State);
            }
        }
    }

    /// <summary>Sets RFLAGS.</summary>
    public void SetFlags(ulong value)
    {
        unsafe
        {
            Rflags.Write(Core.Vcpu.State, value);
        }
    }

    public ulong Rip
    {
        get
        {
            unsafe
            {
                return Core.Vcpu.State->Rip;
            }
        }

        set
        {
            unsafe
            {
                Core.Vcpu.State->Rip = value;
            }
        }
    }

    /// <summary>Maps one 4 KiB page.</summary>
    public void Map(ulong va, ulong frame, PteBits bits)
    {
        Pfn table = Mode.Root;
        VirtAddr address = new(va);
        for (PagingLevel level = PagingLevel.Pml4; level > PagingLevel.Pt; level--)
        {
            PhysAddr slot = table.EntryAt(level.IndexOf(address));
            Pte entry = new(Ram.ReadUInt64(slot));
            if (!entry.Present)
            {
                entry = Pte.Of(new Pfn(_nextTable++), User);
                Ram.WriteUInt64(slot, entry.Raw);
            }

            table = entry.Frame;
        }

        Ram.WriteUInt64(table.EntryAt(PagingLevel.Pt.IndexOf(address)), Pte.Of(new Pfn(frame), bits).Raw);
    }

    /// <summary>Assembles at <see cref="Code"/> and sets RIP there.</summary>
    public BareCore Assemble(Action<Assembler> write)
    {
        Assembler assembler = new(64);
        write(assembler);
        using MemoryStream stream = new();
        assembler.Assemble(new StreamCodeWriter(stream), Code);
        return Load(stream.ToArray());
    }

    /// <summary>Puts raw code bytes at <see cref="Code"/> and sets RIP there.</summary>
    public BareCore Load(byte[] code)
    {
        code.CopyTo(Ram.SliceToWrite(new PhysAddr(0x40_0000), code.Length));
        Rip = Code;
        return this;
    }

    /// <summary>Runs until the core stops for a reason of its own, or <paramref name="budget"/> instructions.</summary>
    public CoreExit Run(ulong budget = 1_000_000) => Core.Run(budget);

    public Span<byte> DataBytes(int offset, int length) => Ram.SliceToWrite(new PhysAddr(0x60_0000 + (ulong)offset), length);

    public void Dispose()
    {
        Core.Dispose();
        Ram.Dispose();
    }
}
