namespace MmuEmu.Emulator.Interpreter.Vex;

/// <summary>Which operand is which, and which signs turn, in a fused multiplication and addition.</summary>
[Flags]
internal enum FusedControl : uint
{
    /// <summary>132: first times third plus second.</summary>
    None = 0,

    /// <summary>213: second times first plus third.</summary>
    Order213 = 1,

    /// <summary>231: second times third plus first.</summary>
    Order231 = 2,

    /// <summary>The product's sign turns.</summary>
    NegateProduct = 4,

    /// <summary>The addend's sign turns in even lanes, and in a scalar.</summary>
    NegateEven = 8,

    /// <summary>The addend's sign turns in odd lanes.</summary>
    NegateOdd = 16,
}
