using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OrderFlow.Tests.Running;

namespace OrderFlow.Tests.CommandLine;

public sealed class ShopArgumentsTests
{
    [Theory]
    [InlineData("\"warehouse\": choose one of orders, inventory, payment, email", "--service", "warehouse")]
    [InlineData("--service needs a value", "--service")]
    [InlineData("\"http\" is not a port", "--port", "http")]
    [InlineData("\"65536\" is not a port", "--port", "65536")]
    [InlineData("\"-1\" is not a port", "--port", "-1")]
    [InlineData("--postgres needs a value", "--postgres")]
    [InlineData("leave --postgres out", "tour", "--postgres", "Host=127.0.0.1")]
    [InlineData("names no server", "--port", "0", "--postgres", "Database=shop")]
    [InlineData("\"--frobnicate\" is not understood", "--frobnicate")]
    public async Task Program_ShouldExitWithTwoAndOneLine_WhenArgumentsAreWrong(string said, params string[] arguments)
    {
        using var folder = new ShopFolder();
        var program = await ShopProgram.RunAsync(folder.Path, arguments);
        Assert.Equal(2, program.ExitCode);
        Assert.Contains(said, Assert.Single(program.Errors), StringComparison.Ordinal);
        Assert.Empty(program.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Program_ShouldExitWithTwoAfterItsPatience_WhenTheServerIsAway()
    {
        using var folder = new ShopFolder();
        var program = await ShopProgram.RunAsync(
            folder.Path,
            ["--port", "0", "--postgres", "Host=127.0.0.1;Port=1;Database=shop;Username=shop"],
            new KeyValuePair<string, string>("Carillon__PostgreSql__StartupPatience", "1s"));
        Assert.Equal(2, program.ExitCode);
        Assert.Contains("127.0.0.1:1/shop", program.Errors[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_ShouldExitWithTwoAndOneLine_WhenPortIsTaken()
    {
        using var folder = new ShopFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var program = await ShopProgram.RunAsync(folder.Path, ["--port", port]);
        Assert.Equal(2, program.ExitCode);
        Assert.Contains(port, Assert.Single(program.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_ShouldPrintHowToUseIt_WhenAskedForHelp()
    {
        using var folder = new ShopFolder();
        var program = await ShopProgram.RunAsync(folder.Path, ["--help"]);
        Assert.Equal(0, program.ExitCode);
        Assert.Contains(program.Output, line => line.Contains("--service NAME", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Carillon__Sqlite__RetentionAge", "30", "Carillon:Sqlite:RetentionAge")]
    [InlineData("Carillon__Sqlite__Retentionage2", "30d", "Carillon:Sqlite:Retentionage2")]
    [InlineData("Carillon__Squlite__RetentionAge", "30d", "Carillon:Squlite")]
    public async Task Program_ShouldNameTheKey_WhenConfigurationIsWrong(string variable, string value, string key)
    {
        using var folder = new ShopFolder();
        var program = await ShopProgram.RunAsync(folder.Path, ["--port", "0"], new KeyValuePair<string, string>(variable, value));
        Assert.NotEqual(0, program.ExitCode);
        var said = Assert.Single(program.Errors);
        Assert.Contains(key, said, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(program.Output, line => line.Contains("   at ", StringComparison.Ordinal));
    }
}
