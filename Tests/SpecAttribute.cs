using System.Reflection;
using MmuEmu.Tests.Builders;
using Xunit.v3;

namespace MmuEmu.Tests;

/// <summary>Names the rows of the behaviour specification that a test asserts.</summary>
/// <remarks>
/// A row that says different things for different versions, page sizes or numbers of threads is listed in Tests/Data/spec-rows.txt
/// with its cases. A tag of such a row names the case that it shows: <c>[Spec("F-081", Profile = "linux412")]</c>. When the test ends,
/// everything that the tag names must have run in it (<see cref="WhatRan"/>); a test that ran something else fails.
/// </remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public class SpecAttribute(params string[] rows) : BeforeAfterTestAttribute
{
    /// <summary>Row ids such as <c>P-011</c>.</summary>
    public IReadOnlyList<string> Rows { get; } = rows;

    /// <summary>Versions of which the test has run a kernel, or an entry format, with spaces between: <c>v12</c>, <c>linux45 linux412</c>, <c>v8-entry</c>.</summary>
    public string Profile { get; init; } = "";

    /// <summary>Page sizes through which the test has translated, with spaces between: <c>4K</c>, <c>2M</c>, <c>1G</c>.</summary>
    public string Sizes { get; init; } = "";

    /// <summary>Threads of one guest that ran, at least; 0 when the tag does not say.</summary>
    public int Threads { get; init; }

    /// <summary>Processors of one machine that made accesses, at least; 0 when the tag does not say.</summary>
    public int Cpus { get; init; }

    /// <summary>All that the tag names besides rows, as spec-rows.txt writes it.</summary>
    public IReadOnlyList<string> Cases =>
    [
        .. Profile.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        .. Sizes.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        .. Threads > 0 ? [$"threads={Threads}"] : Array.Empty<string>(),
        .. Cpus > 0 ? [$"cpus={Cpus}"] : Array.Empty<string>(),
    ];

    /// <summary>What the tag names and <paramref name="ran"/> has not.</summary>
    public IEnumerable<string> MissingFrom(WhatRan ran) => Cases.Where(what => !ran.Has(what));

    /// <summary>Fails the test when the tag names what did not run in it.</summary>
    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        WhatRan ran = WhatRan.In(test);
        MissingFrom(ran).ShouldBeEmpty($"{string.Join(", ", Rows)}: the tag names what did not run; {ran}");
    }
}

/// <summary>Names rows of which a test asserts some cases, while spec-rows.txt lists others that the emulator does not have yet.</summary>
/// <remarks>Such a row is not counted as tested.</remarks>
public sealed class SpecPartAttribute(params string[] rows) : SpecAttribute(rows);
