using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Tables;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Memory;

/// <summary>Numbers address spaces: ids never repeat; PCIDs 1 to 4095 go round, past those in use.</summary>
internal sealed class SpaceNumbers : IStateful
{
    private const int PcidCount = 4095;
    private int _lastId;
    private int _lastPcid;

    /// <summary>The tag of a new space under <paramref name="root"/>; false when the living spaces use every PCID.</summary>
    /// <remarks>Two living spaces under one PCID would see each other's translations, for a switch between them flushes nothing.</remarks>
    public bool TryNext(Pfn root, IReadOnlyList<AddressSpace> living, out SpaceTag tag)
    {
        for (int tried = 0; tried < PcidCount; tried++)
        {
            _lastPcid = (_lastPcid % PcidCount) + 1;
            if (!IsUsed(living, _lastPcid))
            {
                tag = new SpaceTag(++_lastId, root, (ushort)_lastPcid);
                return true;
            }
        }

        tag = default;
        return false;
    }

    private static bool IsUsed(IReadOnlyList<AddressSpace> living, int pcid)
    {
        for (int i = 0; i < living.Count; i++)
        {
            if (living[i].Tag.Pcid == pcid)
            {
                return true;
            }
        }

        return false;
    }

    object IStateful.Save(object? last) => (_lastId, _lastPcid);

    void IStateful.Restore(object state) => (_lastId, _lastPcid) = ((int, int))state;
}
