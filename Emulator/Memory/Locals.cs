// Locals of this library are not cleared before they are written: the compiler proves of each that nothing is read before.
// Otherwise every walk would clear the room for paths and faults that it may never make.
[module: System.Runtime.CompilerServices.SkipLocalsInit]

namespace MmuEmu.Emulator.Memory;
