using System.Buffers.Binary;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Tests.Oracles;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Interpreter;

/// <summary>XSAVE and its kin leave the same bytes in memory, and XRSTOR the same registers, as on the host's processor.</summary>
public sealed class XsaveHostTests
{
    private const int AreaBytes = XsavePair.AreaBytes;
    private const int FxCompared = 416;
    private const int Cases = 1500;

    public static TheoryData<Mnemonic> Saves =>
        [Mnemonic.Fxsave64, Mnemonic.Xsave64, Mnemonic.Xsaveopt64, Mnemonic.Xsavec64, Mnemonic.Xsave, Mnemonic.Xsaveopt, Mnemonic.Xsavec];

    [Theory]
    [MemberData(nameof(Saves))]
    public void What_is_saved_is_what_the_host_saves(Mnemonic form)
    {
        using XsavePair pair = new(a => Save(a, form));
        for (int i = 0; i < Cases; i++)
        {
            // Given registers of which some components are in their initial state, and an area full of other bytes
            Random random = new(i);
            byte[] area = DirtyArea(random);
            BinaryPrimitives.WriteUInt64LittleEndian(area.AsSpan(XsaveComponents.HeaderOffset), (ulong)random.Next(8));

            // When both save the same components
            (XsaveAfter ours, XsaveAfter theirs) = pair.Run(StandardArea(random), area, (ulong)random.Next(8));

            // Then the area is the same byte for byte
            Convert.ToHexString(ours.Area).ShouldBe(Convert.ToHexString(theirs.Area), $"case {i}");
        }
    }

    [Theory]
    [InlineData(Mnemonic.Xrstor64)]
    [InlineData(Mnemonic.Xrstor)]
    public void What_is_restored_is_what_the_host_restores(Mnemonic form)
    {
        using XsavePair pair = new(a => Restore(a, form));
        for (int i = 0; i < Cases; i++)
        {
            Random random = new(i);
            byte[] area = random.Next(2) == 0 ? StandardArea(random) : CompactedArea(random);

            (XsaveAfter ours, XsaveAfter theirs) = pair.Run(StandardArea(random), area, (ulong)random.Next(8));

            Convert.ToHexString(ours.Registers).ShouldBe(Convert.ToHexString(theirs.Registers), $"case {i}, XSTATE_BV {area[512]:x}, XCOMP_BV {area[520]:x}");
        }
    }

    [Fact]
    public void Fxrstor_leaves_what_it_leaves_on_the_host()
    {
        using XsavePair pair = new(a => a.fxrstor64(__[rbx]));
        for (int i = 0; i < Cases; i++)
        {
            Random random = new(i);
            byte[] area = StandardArea(random);

            (XsaveAfter ours, XsaveAfter theirs) = pair.Run(StandardArea(random), area, 0);

            Convert.ToHexString(ours.Registers).ShouldBe(Convert.ToHexString(theirs.Registers), $"case {i}");
        }
    }

    [Fact]
    public void Xgetbv_tells_what_is_in_use_as_the_host_does()
    {
        using XsavePair pair = new(a => a.xgetbv());
        for (int i = 0; i < Cases; i++)
        {
            (XsaveAfter ours, XsaveAfter theirs) = pair.Run(StandardArea(new Random(i)), new byte[AreaBytes], 0);

            (ours.Rax & 7).ShouldBe(theirs.Rax & 7, $"case {i}");
        }
    }

    private static void Restore(Assembler a, Mnemonic form)
    {
        if (form == Mnemonic.Xrstor64)
        {
            a.xrstor64(__[rbx]);
        }
        else
        {
            a.xrstor(__[rbx]);
        }
    }

    private static void Save(Assembler a, Mnemonic form)
    {
        switch (form)
        {
            case Mnemonic.Fxsave64:
                a.fxsave64(__[rbx]);
                break;
            case Mnemonic.Xsave64:
                a.xsave64(__[rbx]);
                break;
            case Mnemonic.Xsaveopt64:
                a.xsaveopt64(__[rbx]);
                break;
            case Mnemonic.Xsavec64:
                a.xsavec64(__[rbx]);
                break;
            case Mnemonic.Xsave:
                a.xsave(__[rbx]);
                break;
            case Mnemonic.Xsaveopt:
                a.xsaveopt(__[rbx]);
                break;
            default:
                a.xsavec(__[rbx]);
                break;
        }
    }

    private static byte[] DirtyArea(Random random)
    {
        byte[] area = new byte[AreaBytes];
        random.NextBytes(area);
        area.AsSpan(XsaveComponents.HeaderOffset, 64).Clear();
        return area;
    }

    /// <summary>An area as XSAVE writes it: components that are not in use are absent.</summary>
    private static byte[] StandardArea(Random random)
    {
        byte[] area = DirtyArea(random);
        RandomFx(random).AsSpan(0, FxCompared).CopyTo(area);
        BinaryPrimitives.WriteUInt64LittleEndian(area.AsSpan(512), (ulong)random.Next(8));
        return area;
    }

    private static byte[] CompactedArea(Random random)
    {
        byte[] area = StandardArea(random);
        int layout = random.Next(8);
        area[512] = (byte)(random.Next(8) & layout);
        BinaryPrimitives.WriteUInt64LittleEndian(area.AsSpan(520), (1UL << 63) + (ulong)layout);
        return area;
    }

    /// <summary>An FXSAVE image; in one of four an x87 exception is pending, which none of these instructions waits for.</summary>
    private static byte[] RandomFx(Random random)
    {
        byte[] fx = new byte[512];
        FxImage.Reset(fx);
        BinaryPrimitives.WriteUInt16LittleEndian(fx, (ushort)(0x7F | (random.Next(16) << 8)));
        BinaryPrimitives.WriteUInt16LittleEndian(fx.AsSpan(2), (ushort)(random.Next(0x8000) & 0x7F00));
        fx[4] = (byte)random.Next(256);
        if (random.Next(4) == 0)
        {
            (fx[0], fx[2]) = ((byte)random.Next(256), (byte)random.Next(256));
            random.NextBytes(fx.AsSpan(8, 16));
            BinaryPrimitives.WriteUInt16LittleEndian(fx.AsSpan(6), (ushort)random.Next(0x800));
        }

        for (int i = 0; i < 8; i++)
        {
            random.NextBytes(fx.AsSpan(32 + (16 * i), 10));
        }

        random.NextBytes(fx.AsSpan(160, 256));

        if (random.Next(2) == 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(fx.AsSpan(24), 0x1F80 | ((uint)random.Next(0x10000) & 0xE07F));
        }

        return fx;
    }
}
