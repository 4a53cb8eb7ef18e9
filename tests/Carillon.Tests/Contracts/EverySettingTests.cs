using Carillon.Tests.Settings;

namespace Carillon.Tests.Contracts;

public sealed class EverySettingTests
{
    [Fact]
    public void Read_ShouldReadEveryOption_WhenCodeCanSetIt()
    {
        Assert.Empty(EverySetting.NotReadBy<RetryOptions>(static (options, settings) => options.Read(settings)));
        Assert.Empty(EverySetting.NotReadBy<SubscriptionOptions>(static (options, settings) => options.Read(settings)));
        Assert.Empty(EverySetting.NotReadBy<PublisherOptions>(static (options, settings) => options.Read(settings)));
        Assert.Empty(EverySetting.NotReadBy<OutboxOptions>(static (options, settings) => options.Read(settings)));
        Assert.Empty(EverySetting.NotReadBy<HealthOptions>(static (options, settings) => options.Read(settings)));
        Assert.Empty(EverySetting.NotReadBy<EnvelopeLimits>(static (options, settings) => options.Read(settings)));
        Assert.Empty(EverySetting.NotReadBy<InMemoryOptions>(static (options, settings) => options.Read(settings)));
    }
}
