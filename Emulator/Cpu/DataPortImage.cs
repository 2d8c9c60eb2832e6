using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Cpu;

/// <summary>What a data port keeps between two accesses.</summary>
/// <param name="First">Where the last access began.</param>
/// <param name="Second">Where its second page began.</param>
/// <param name="FirstBytes">Its bytes in the first page.</param>
/// <param name="SecondBytes">Its bytes in the second page.</param>
/// <param name="Bounced">Whether they went through the bounce buffer.</param>
/// <param name="Held">Whether the TLB held the translation.</param>
/// <param name="NonCanonical">Whether it was refused for its address.</param>
/// <param name="ChecksAlignment">Whether alignment is checked.</param>
/// <param name="ChecksVectors">Whether that of vectors is.</param>
internal readonly record struct DataPortImage(
    PhysAddr First, PhysAddr Second, int FirstBytes, int SecondBytes, bool Bounced, bool Held, bool NonCanonical,
    bool ChecksAlignment, bool ChecksVectors);
