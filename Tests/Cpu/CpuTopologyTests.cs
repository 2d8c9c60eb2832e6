using System.Numerics;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Oracles;

namespace MmuEmu.Tests.Cpu;

/// <summary>Every leaf that counts processors counts the same ones, each maker in his own way.</summary>
public sealed class CpuTopologyTests
{
    private const uint HyperThreading = 1 << 28;

    public static TheoryData<int, CpuVendor> Machines
    {
        get
        {
            TheoryData<int, CpuVendor> machines = [];
            for (int count = 1; count <= 64; count++)
            {
                machines.Add(count, CpuVendor.Amd);
                machines.Add(count, CpuVendor.Intel);
            }

            return machines;
        }
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void Package_cores_and_ids_agree(int count, CpuVendor vendor)
    {
        uint ids = BitOperations.RoundUpToPowerOf2((uint)count);
        for (int number = 0; number < count; number++)
        {
            Func<uint, uint, CpuidLeaf> cpuid = Asker(number, count, vendor);
            CpuidLeaf basic = cpuid(1, 0);

            (basic.Ebx >> 24).ShouldBe((uint)number);
            (basic.Ebx >> 16 & 0xFF).ShouldBe(vendor == CpuVendor.Intel ? ids : (uint)count);
            ((basic.Edx & HyperThreading) != 0).ShouldBe(count > 1);
            (cpuid(0xB, 0).Ebx, cpuid(0xB, 0).Edx, cpuid(0xB, 1).Edx).ShouldBe((1U, (uint)number, (uint)number));
            (1U << (int)cpuid(0xB, 1).Eax, cpuid(0xB, 1).Ebx).ShouldBe((ids, (uint)count));
            (cpuid(0xB, 0).Ecx, cpuid(0xB, 1).Ecx, cpuid(0xB, 2).Ecx, cpuid(0xB, 2).Ebx).ShouldBe((0x100U, 0x201U, 2U, 0U));
        }
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void The_third_level_is_shared_by_all_and_no_other(int count, CpuVendor vendor)
    {
        Func<uint, uint, CpuidLeaf> cpuid = Asker(0, count, vendor);
        int ids = (int)BitOperations.RoundUpToPowerOf2((uint)count);
        uint leaf = vendor == CpuVendor.Intel ? 4 : 0x8000_001D;

        int sharers = vendor == CpuVendor.Intel ? ids : count;
        new CpuidDecoder(cpuid).Caches(leaf).Select(cache => (cache.Level, cache.Sharers)).ShouldBe([(1, 1), (1, 1), (2, 1), (3, sharers)]);
        for (uint i = 0; i < 4; i++)
        {
            CpuidDecoder.Field(cpuid(leaf, i).Eax, 31, 26).ShouldBe(vendor == CpuVendor.Intel ? ids - 1 : 0);
        }

        cpuid(leaf, 4).ShouldBe(default);
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void Amd_counts_its_cores_in_leaves_of_its_own(int count, CpuVendor vendor)
    {
        Func<uint, uint, CpuidLeaf> cpuid = Asker(count - 1, count, vendor);
        bool amd = vendor == CpuVendor.Amd;
        int bits = BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)count));

        CpuidLeaf sizes = cpuid(0x8000_0008, 0);
        (CpuidDecoder.Field(sizes.Ecx, 7, 0), CpuidDecoder.Field(sizes.Ecx, 15, 12)).ShouldBe(amd ? (count - 1, bits) : (0, 0));
        CpuidDecoder.Field(cpuid(0x8000_0001, 0).Ecx, 1, 1).ShouldBe(amd && count > 1 ? 1 : 0);
        if (amd)
        {
            cpuid(0x8000_001E, 0).ShouldBe(new CpuidLeaf((uint)count - 1, (uint)count - 1, 0, 0));
        }
    }

    [Fact]
    public void The_instruction_gives_what_the_topology_says()
    {
        using BareCore core = new BareCore().Assemble(a => a.cpuid());
        core.Core.Vcpu.Model = CpuModels.V3.MadeBy(CpuVendor.Intel);
        core.Core.Vcpu.Topology = new CpuTopology(5, 6);
        core[Register.RAX] = 4;
        core[Register.RCX] = 3;

        core.Run(1);

        core[Register.RAX].ShouldBe(0x1C01_C163UL);
        core.Core.Vcpu.Cpuid(4, 3).Eax.ShouldBe(0x1C01_C163U);
    }

    private static Func<uint, uint, CpuidLeaf> Asker(int number, int count, CpuVendor vendor)
    {
        CpuModel model = CpuModels.Max.MadeBy(vendor);
        CpuTopology topology = new(number, count);
        return (leaf, subleaf) => topology.Shown(model, leaf, subleaf, CpuidLeaves.Of(model, leaf, subleaf, default));
    }
}
