using Carillon.Tests.Hosting;

namespace Carillon.Tests.Relaying;

public sealed class RelayingExtensionsTests
{
    [Fact]
    public async Task Outbox_ShouldRefuseNothing_WhenItIsGivenInsteadOfABuilderOrOptions()
    {
        Assert.Throws<ArgumentNullException>("builder", () => RelayingExtensions.Outbox(null!, static _ => { }));
        await Assert.ThrowsAsync<ArgumentNullException>("configure", () => TestService.StartAsync(static (ICarillonBuilder carillon) => carillon.Outbox(null!)));
    }
}
