using System.Xml.Linq;
using MmuEmu.Debugger.Exports;
using MmuEmu.Kernel.Views;
using MmuEmu.Tests.Golden;

namespace MmuEmu.Tests.Debugger.Exports;

/// <summary>Maps of faults.</summary>
public sealed class SvgExportTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Theory]
    [InlineData("vrange-recover")]
    [InlineData("cow-fork")]
    [InlineData("remote-paging")]
    [InlineData("lazyfree-allocator")]
    [InlineData("swap-through")]
    [InlineData("--cycles --from 300 hello")]
    public void A_map_is_XML_and_stays_within_its_frame(string line)
    {
        XElement map = Map(line);
        int width = int.Parse(map.Attribute("width")!.Value);
        int height = int.Parse(map.Attribute("height")!.Value);

        height.ShouldBeInRange(150, 20000);
        map.Elements(Svg + "rect").ShouldAllBe(rect => Of(rect, "x") >= 0 && Of(rect, "x") + Of(rect, "width") <= width && Of(rect, "y") + Of(rect, "height") <= height);
        string[] patterns = [.. map.Descendants(Svg + "pattern").Select(pattern => $"url(#{pattern.Attribute("id")!.Value})")];
        map.Elements(Svg + "rect").Select(rect => rect.Attribute("fill")!.Value).Where(fill => fill.StartsWith("url", StringComparison.Ordinal)).ShouldBeSubsetOf(patterns);
    }

    [Fact]
    public void Each_look_and_each_mark_is_told_apart_without_its_colour()
    {
        string[] fills = [.. Enum.GetValues<PageLook>().Select(SvgLegend.FillOf)];

        fills.Distinct().Count().ShouldBe(fills.Length);
        fills.Count(fill => !fill.Contains("url", StringComparison.Ordinal) && !fill.Contains("none", StringComparison.Ordinal)).ShouldBe(2, "a light one and a dark one; the others have patterns");
        string[] texts = [.. Map("hello").Elements(Svg + "text").Select(text => text.Value)];
        Enum.GetValues<PageLook>().Where(look => look != PageLook.Absent).Select(PageLooks.Says).ShouldBeSubsetOf(texts);
        Enum.GetValues<MapMark>().Select(SvgLegend.Says).ShouldBeSubsetOf(texts);
    }

    [Fact]
    public void Purged_pages_and_their_faults_are_on_it()
    {
        string[] titles = [.. Map("vrange-recover").Descendants(Svg + "title").Select(title => title.Value)];

        titles.Count(title => title.EndsWith("page fault that ends in a signal", StringComparison.Ordinal)).ShouldBe(4);
        titles.Count(title => title.EndsWith("frame taken: purged or freed lazily", StringComparison.Ordinal)).ShouldBe(4);
        titles.ShouldContain("0x7ffff7ff2000: purged (vrange)");
    }

    [Fact]
    public void The_map_in_the_documents_is_what_the_command_draws() =>
        GoldenFile.CheckAt("docs/fault-map.svg", Exported.Text("--format svg vrange-recover"));

    [Theory]
    [InlineData(PageState.None, PageLook.Absent)]
    [InlineData(PageState.Mapped, PageLook.Absent)]
    [InlineData(PageState.Mapped | PageState.UserFault, PageLook.Hole)]
    [InlineData(PageState.Mapped | PageState.Present | PageState.Dirty, PageLook.Dirty)]
    [InlineData(PageState.Mapped | PageState.Present | PageState.Dirty | PageState.Volatile, PageLook.Volatile)]
    [InlineData(PageState.Mapped | PageState.Present | PageState.Zero, PageLook.Zero)]
    [InlineData(PageState.Mapped | PageState.Present | PageState.LazyFree, PageLook.LazyFree)]
    [InlineData(PageState.Mapped | PageState.Present | PageState.File | PageState.Shared, PageLook.Clean)]
    [InlineData(PageState.Mapped | PageState.Swapped | PageState.Shared, PageLook.Swapped)]
    [InlineData(PageState.Mapped | PageState.Volatile | PageState.Purged, PageLook.Purged)]
    public void A_state_has_one_look(PageState state, object look) => PageLooks.Of(state).ShouldBe((PageLook)look);

    [Fact]
    public void A_name_that_XML_cannot_hold_does_not_break_it() => SvgText.Escaped("<a&\"\u0001\ud800>").ShouldBe("&lt;a&amp;&quot;\ufffd\ufffd&gt;");

    private static int Of(XElement element, string name) => int.Parse(element.Attribute(name)!.Value);

    private static XElement Map(string line) => XDocument.Parse(Exported.Text($"--format svg {line}")).Root!;
}
