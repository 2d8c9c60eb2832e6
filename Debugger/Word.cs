namespace MmuEmu.Debugger;

/// <summary>A word that can be typed as a value.</summary>
/// <param name="Text">The word; one that ends in = or : goes on.</param>
/// <param name="Says">What it means, in a few words without a full stop; may be empty.</param>
internal sealed record Word(string Text, string Says = "");
