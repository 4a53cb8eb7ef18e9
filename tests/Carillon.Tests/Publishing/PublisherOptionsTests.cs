using Microsoft.Extensions.Configuration;

namespace Carillon.Tests.Publishing;

public sealed class PublisherOptionsTests
{
    public static TheoryData<string, Action<PublisherOptions>> OutOfRange => new()
    {
        { nameof(PublisherOptions.BufferMessages), options => options.BufferMessages = 0 },
        { nameof(PublisherOptions.BufferMessages), options => options.BufferMessages = 1_000_001 },
        { nameof(PublisherOptions.BufferBytes), options => options.BufferBytes = (64 * 1024) - 1 },
        { nameof(PublisherOptions.BufferBytes), options => options.BufferBytes = (16L << 30) + 1 },
        { nameof(PublisherOptions.BatchMessages), options => options.BatchMessages = 0 },
        { nameof(PublisherOptions.BatchMessages), options => options.BatchMessages = 10_001 },
        { nameof(PublisherOptions.BatchBytes), options => options.BatchBytes = 1_023 },
        { nameof(PublisherOptions.BatchBytes), options => options.BatchBytes = (64 * 1024 * 1024) + 1 },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void Options_ShouldRefuseNamingTheOption_WhenAValueIsOutOfRange(string option, Action<PublisherOptions> configure)
    {
        var error = Assert.Throws<CarillonConfigurationException>(() => configure(new PublisherOptions()));

        Assert.Contains($"Carillon:Publishing:{option} is ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_ShouldBeWhatTheirDocumentationSays_WhenNothingIsSet()
    {
        var options = new PublisherOptions();

        Assert.Equal((10_000, 64L * 1024 * 1024, 512, 1024 * 1024), (options.BufferMessages, options.BufferBytes, options.BatchMessages, options.BatchBytes));
        Assert.Equal((OverloadBehavior.Wait, false), (options.Overload, options.RequireUnitOfWork));
        (options.BufferMessages, options.BufferBytes, options.BatchMessages, options.BatchBytes) = (1, 64 * 1024, 1, 1_024);
        (options.BufferMessages, options.BufferBytes, options.BatchMessages, options.BatchBytes) = (1_000_000, 16L << 30, 10_000, 64 * 1024 * 1024);
    }

    [Fact]
    public void Publishing_ShouldRefuse_WhenSomethingIsMissing()
    {
        Assert.Equal("builder", Assert.Throws<ArgumentNullException>(() => PublishingExtensions.Publishing(null!, static _ => { })).ParamName);
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.AddCarillon("shop", static carillon =>
            Assert.Equal("configure", Assert.Throws<ArgumentNullException>(() => carillon.Publishing(null!)).ParamName));
    }

    [Fact]
    public void Read_ShouldSetEveryOption_WhenItIsInTheSettings()
    {
        var settings = new Dictionary<string, string?>
        {
            ["Publishing:BufferMessages"] = "7",
            ["Publishing:BufferBytes"] = "70000",
            ["Publishing:BatchMessages"] = "9",
            ["Publishing:BatchBytes"] = "2048",
            ["Publishing:Overload"] = "Throw",
            ["Publishing:RequireUnitOfWork"] = "true",
        };
        var options = new PublisherOptions();

        options.Read(new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection("Publishing")));

        Assert.Equal((7, 70_000L, 9, 2_048), (options.BufferMessages, options.BufferBytes, options.BatchMessages, options.BatchBytes));
        Assert.Equal((OverloadBehavior.Throw, true), (options.Overload, options.RequireUnitOfWork));
    }
}
