using Iced.Intel;

namespace MmuEmu.Emulator.Interpreter.Ops;

/// <summary>One row of a group's table; <paramref name="Vex"/> is the mnemonic of the same instruction under a VEX prefix, if it has one.</summary>
internal readonly record struct EmitterRow(Mnemonic Mnemonic, Emitter Emit, Mnemonic Vex = Mnemonic.INVALID);
