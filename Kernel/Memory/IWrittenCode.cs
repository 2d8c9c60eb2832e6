using MmuEmu.Emulator.Values;

namespace MmuEmu.Kernel.Memory;

/// <summary>Who runs code out of RAM: what is decoded of bytes that the kernel itself writes is dropped.</summary>
internal interface IWrittenCode
{
    /// <summary>Bytes of RAM changed under their mappings.</summary>
    void Written(PhysAddr start, int lengthBytes);
}
