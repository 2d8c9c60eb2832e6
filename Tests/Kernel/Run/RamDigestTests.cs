using System.Buffers.Binary;
using System.Security.Cryptography;
using MmuEmu.Emulator.Values;
using MmuEmu.Guests;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Guests;

namespace MmuEmu.Tests.Kernel.Run;

/// <summary>The digest of RAM against one that looks at every frame.</summary>
public sealed class RamDigestTests
{
    [Theory]
    [InlineData("hello", 1UL << 20)]
    [InlineData("cow-fork", 64UL << 20)]
    [InlineData("swap-through", 8UL << 20)]
    public void It_covers_every_frame_of_RAM(string guest, ulong ramBytes)
    {
        KernelOptions options = OptionsOf(guest) with { RamBytes = ramBytes, SwapBytes = 32UL << 20 };
        KernelBuilder.TryBuild(options, out MiniKernel? kernel, out BootFailure? failure).ShouldBeTrue(failure?.Message);
        using (kernel)
        {
            kernel!.Run().Reason.ShouldBe(EndReason.Exited);

            Convert.ToHexString(kernel.HashRam()).ShouldBe(Convert.ToHexString(OfAllFrames(kernel)));
        }
    }

    [Fact]
    public void It_does_not_depend_on_the_size_of_RAM_nor_change_it_and_one_byte_shows()
    {
        byte[] small = DigestOf(OptionsOf("hello") with { RamBytes = 16UL << 20 }, poke: false);

        DigestOf(OptionsOf("hello"), poke: false).ShouldBe(small);
        DigestOf(OptionsOf("hello"), poke: true).ShouldNotBe(small);
    }

    private static KernelOptions OptionsOf(string guest)
    {
        GuestProgram program = GuestFiles.Find(guest);
        return GuestRun.Options(GuestFiles.BuiltFileOf(program)) with { Trace = null };
    }

    private static byte[] DigestOf(KernelOptions options, bool poke)
    {
        KernelBuilder.TryBuild(options, out MiniKernel? kernel, out BootFailure? failure).ShouldBeTrue(failure?.Message);
        using (kernel)
        {
            kernel!.Run();
            kernel.HashRam().ShouldBe(kernel.HashRam());
            if (poke)
            {
                PhysAddr at = new(0x5000);
                kernel.Ram.WriteByte(at, (byte)(kernel.Ram.ReadByte(at) ^ 1));
            }

            return kernel.HashRam();
        }
    }

    private static byte[] OfAllFrames(MiniKernel kernel)
    {
        using MemoryStream all = new();
        byte[] number = new byte[8];
        for (ulong frame = 0; frame < kernel.Ram.FrameCount; frame++)
        {
            ReadOnlySpan<byte> page = kernel.Ram.Page(new Pfn(frame));
            if (page.ContainsAnyExcept((byte)0))
            {
                BinaryPrimitives.WriteUInt64LittleEndian(number, frame);
                all.Write(number);
                all.Write(page);
            }
        }

        return SHA256.HashData(all.ToArray());
    }
}
