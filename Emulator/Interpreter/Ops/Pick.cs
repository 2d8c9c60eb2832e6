using Iced.Intel;

namespace MmuEmu.Emulator.Interpreter.Ops;

/// <summary>A handler that exists for each operand width.</summary>
internal unsafe interface IByWidth
{
    /// <summary>The handler for one width.</summary>
    static abstract Handler With<TWidth>()
        where TWidth : struct, IWidth;
}

/// <summary>Handlers that exist for each operand width, one for each kind of operands.</summary>
internal unsafe interface IByWidthAndOperands
{
    /// <summary>The handler for one width and the operands of <paramref name="b"/>.</summary>
    static abstract Handler With<TWidth>(in OpBuilder b)
        where TWidth : struct, IWidth;
}

/// <summary>A handler that exists for each condition code.</summary>
internal unsafe interface IByCondition
{
    /// <summary>The handler for one condition.</summary>
    static abstract Handler With<TCondition>()
        where TCondition : struct, ICondition;
}

/// <summary>Picks the compiled handler for what is known when an instruction is decoded.</summary>
internal static unsafe class Pick
{
    /// <summary>By operand width in bytes: 1, 2, 4 or 8.</summary>
    public static Handler Width<THandler>(int bytes)
        where THandler : struct, IByWidth => bytes switch
        {
            1 => THandler.With<W8>(),
            2 => THandler.With<W16>(),
            4 => THandler.With<W32>(),
            _ => THandler.With<W64>(),
        };

    /// <summary>By operand width in bytes, 1, 2, 4 or 8, and by the operands of <paramref name="b"/>.</summary>
    public static Handler Width<THandler>(int bytes, in OpBuilder b)
        where THandler : struct, IByWidthAndOperands => bytes switch
        {
            1 => THandler.With<W8>(b),
            2 => THandler.With<W16>(b),
            4 => THandler.With<W32>(b),
            _ => THandler.With<W64>(b),
        };

    /// <summary>By condition code.</summary>
    public static Handler Condition<THandler>(ConditionCode code)
        where THandler : struct, IByCondition => code switch
        {
            ConditionCode.o => THandler.With<IfO>(),
            ConditionCode.no => THandler.With<Not<IfO>>(),
            ConditionCode.b => THandler.With<IfB>(),
            ConditionCode.ae => THandler.With<Not<IfB>>(),
            ConditionCode.e => THandler.With<IfE>(),
            ConditionCode.ne => THandler.With<Not<IfE>>(),
            ConditionCode.be => THandler.With<IfBe>(),
            ConditionCode.a => THandler.With<Not<IfBe>>(),
            ConditionCode.s => THandler.With<IfS>(),
            ConditionCode.ns => THandler.With<Not<IfS>>(),
            ConditionCode.p => THandler.With<IfP>(),
            ConditionCode.np => THandler.With<Not<IfP>>(),
            ConditionCode.l => THandler.With<IfL>(),
            ConditionCode.ge => THandler.With<Not<IfL>>(),
            ConditionCode.le => THandler.With<IfLe>(),
            _ => THandler.With<Not<IfLe>>(),
        };
}
