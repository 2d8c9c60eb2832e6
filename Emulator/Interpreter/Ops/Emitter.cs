namespace MmuEmu.Emulator.Interpreter.Ops;

/// <summary>Turns one instruction into ops; false when this form is not known.</summary>
internal delegate bool Emitter(ref OpBuilder b);
