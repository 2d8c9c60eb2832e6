using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Tests.Builders;

/// <summary>A bare core at CPL 0 with descriptor tables of its own: flat segments, a TSS, an IDT whose gates the test fills.</summary>
/// <remarks>Selectors: 0x08 kernel code, 0x10 kernel data, 0x1B user data (0x18), 0x23 user code (0x20), 0x28 TSS.</remarks>
public sealed class BareKernel : IDisposable
{
    public const ushort KernelCode = 0x08;
    public const ushort KernelData = 0x10;
    public const ushort UserData = 0x1B;
    public const ushort UserCode = 0x23;
    public const ulong Tables = 0x10_0000;
    public const ulong Gdt = Tables;
    public const ulong Idt = Tables + 0x1000;
    public const ulong Tss = Tables + 0x2000;
    public const ulong KernelStack = Tables + 0x5000;
    public const ulong IstStack = Tables + 0x7000;
    public const ulong UserPage = 0x20_0000;
    public const ulong UserStack = 0x21_1000;
    private const PteBits Supervisor = PteBits.P | PteBits.RW;
    private const PteBits User = PteBits.P | PteBits.RW | PteBits.US;

    public BareKernel()
    {
        Bare = new BareCore();
        for (ulong page = 0; page < 8; page++)
        {
            Bare.Map(Tables + (page << 12), 0x100 + page, Supervisor);
            Bare.Map(BareCore.Code + (page << 12), 0x400 + page, Supervisor);
            Bare.Map(UserPage + (page << 12), 0x200 + page, User);
        }

        Bare.Map(UserStack - 0x1000, 0x210, User);
        Write(Gdt + KernelCode, 0x00AF_9B00_0000_FFFF);
        Write(Gdt + KernelData, 0x00CF_9300_0000_FFFF);
        Write(Gdt + 0x18, 0x00CF_F300_0000_FFFF);
        Write(Gdt + 0x20, 0x00AF_FB00_0000_FFFF);
        Write(Gdt + 0x28, 0x0000_8900_0000_0067 | ((Tss & 0xFF_FFFF) << 16) | ((Tss >> 24 & 0xFF) << 56));
        Write(Gdt + 0x30, Tss >> 32);
        Write4(Tss + 4, KernelStack);
        Write4(Tss + 36, IstStack);

        ControlRegisters control = Vcpu.Control;
        (control.GdtBase, control.GdtLimit, control.IdtBase, control.IdtLimit) = (Gdt, 0x37, Idt, 0xFFF);
        (control.Tr, control.TssBase, control.TssLimit) = (0x28, Tss, 0x67);
        (control.Cs, control.Ss) = (KernelCode, KernelData);
        (control.Cr0, control.Cr3, control.Efer) = (0x8005_0033, Bare.Mode.Root.Base.Raw, EferBits.Sce | EferBits.Lme | EferBits.Lma | EferBits.Nxe);
        control.Cr4 = Cr4Bits.Pae | Cr4Bits.Pge | Cr4Bits.Osfxsr;
        Privilege.Apply(Vcpu, Privilege.StateOf(Vcpu), TlbInvalidation.All);
        Vcpu.Traps = TrapMode.Idt;
        Vcpu[Gpr.Rsp] = KernelStack;
    }

    public BareCore Bare { get; }

    public Vcpu Vcpu => Bare.Core.Vcpu;

    /// <summary>Points a vector at <paramref name="handler"/> through an interrupt gate.</summary>
    public BareKernel Gate(ExceptionVector vector, ulong handler, int ist = 0, int dpl = 0)
    {
        ulong at = Idt + ((ulong)vector * 16);
        Write(at, (handler & 0xFFFF) | ((ulong)KernelCode << 16) | ((ulong)ist << 32) | (0x8EUL << 40) | ((ulong)dpl << 45) | ((handler >> 16 & 0xFFFF) << 48));
        Write(at + 8, handler >> 32);
        return this;
    }

    /// <summary>Assembles code somewhere that is mapped, without moving RIP.</summary>
    public BareKernel At(ulong address, Action<Assembler> write)
    {
        Assembler assembler = new(64);
        write(assembler);
        using MemoryStream stream = new();
        assembler.Assemble(new StreamCodeWriter(stream), address);
        byte[] code = stream.ToArray();
        code.CopyTo(Bare.Ram.SliceToWrite(Physical(address), code.Length));
        return this;
    }

    public CoreExit Run(ulong from, ulong budget = 10_000)
    {
        Vcpu.Rip = from;
        return Bare.Run(budget);
    }

    public ulong Read(ulong address) => Bare.Ram.ReadUInt64(Physical(address));

    public void Write(ulong address, ulong value) => Bare.Ram.WriteUInt64(Physical(address), value);

    public void Dispose() => Bare.Dispose();

    private void Write4(ulong address, ulong value)
    {
        byte[] bytes = BitConverter.GetBytes(value);
        bytes.CopyTo(Bare.Ram.SliceToWrite(Physical(address), 8));
    }

    private PhysAddr Physical(ulong address)
    {
        Vcpu.Mmu.TryPeek(new VirtAddr(address), out Leaf leaf, out _).ShouldBeTrue();
        return leaf.FrameOf(new VirtAddr(address)).Base + (address & 0xFFF);
    }
}
