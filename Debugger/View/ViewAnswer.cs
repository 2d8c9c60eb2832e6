namespace MmuEmu.Debugger.View;

/// <summary>What a key asks for.</summary>
/// <param name="Kind">What.</param>
/// <param name="Work">With <see cref="ViewAnswerKind.Work"/>: what is to be done, which may take long.</param>
internal readonly record struct ViewAnswer(ViewAnswerKind Kind, Action? Work = null);

/// <summary>Kinds of <see cref="ViewAnswer"/>.</summary>
internal enum ViewAnswerKind
{
    /// <summary>The page is to be drawn again.</summary>
    Draw,

    /// <summary>Something is to be done first.</summary>
    Work,

    /// <summary>The view is over.</summary>
    Quit,
}
