using MmuEmu.Tests.Golden;

namespace MmuEmu.Tests.House;

/// <summary>docs/house.svg shows the house as the code is, and the house has no way up.</summary>
public sealed class HousePictureTests
{
    [Fact]
    public void The_picture_of_the_house_is_drawn_from_the_code() =>
        GoldenFile.CheckAt(Path.Combine("docs", "house.svg"), HouseDrawing.Svg(HousePlan.Rooms()));

    [Fact]
    public void No_room_uses_one_above_it() =>
        HousePlan.Upward(HousePlan.Rooms()).Select(use => $"{use.From.Name} uses {use.To.Name}").ShouldBeEmpty();
}
