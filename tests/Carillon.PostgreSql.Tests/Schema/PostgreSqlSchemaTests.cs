using System.Diagnostics;
using Carillon.Tests;
using Npgsql;

namespace Carillon.PostgreSql.Tests;

public sealed class PostgreSqlSchemaTests : DatabaseTests
{
    [Theory]
    [InlineData("public")]
    [InlineData("Shop_2")]
    public async Task Script_ShouldMakeWhatTheHostMakes_WhenRunTwiceWithPsql(string schema)
    {
        await RunWithPsqlAsync(PostgreSqlSchema.Script(schema));
        await RunWithPsqlAsync(PostgreSqlSchema.Script(schema));
        await MigrateAsync(new PostgreSqlOptions { Schema = "other" });

        // A host that may create nothing is content with it.
        Assert.Equal(16, await MigrateAsync(new PostgreSqlOptions { Schema = schema, CreateSchema = false }));
        Assert.Equal(await DescribeAsync("other"), await DescribeAsync(schema));
        Assert.Equal(PostgreSqlSchema.Scripts.Newest, await Database.NumberAsync($"SELECT count(*) FROM \"{schema}\".carillon_schema"));
    }

    [Fact]
    public void Script_ShouldBeRefused_WhenTheSchemaIsNoName()
    {
        var failure = Assert.Throws<CarillonConfigurationException>(() => PostgreSqlSchema.Script("x\"; DROP TABLE orders; --"));
        Assert.Equal(ErrorCodes.InvalidConfiguration, failure.Code);
    }

    private async Task<string?> DescribeAsync(string schema)
    {
        var columns = await Database.TextAsync(
            $"""
            SELECT string_agg(table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable, E'\n' ORDER BY table_name, ordinal_position)
            FROM information_schema.columns WHERE table_schema = '{schema}'
            """);
        var indexes = await Database.TextAsync($"SELECT string_agg(replace(replace(indexdef, '\"', ''), '{schema}.', ''), E'\\n' ORDER BY indexname) FROM pg_indexes WHERE schemaname = '{schema}'");
        Assert.NotNull(columns);
        return $"{columns}\n{indexes}";
    }

    private async Task RunWithPsqlAsync(string script)
    {
        PostgreSqlAddress.DemandPrograms();
        var address = new NpgsqlConnectionStringBuilder(Database.ConnectionString);
        var psql = new ProcessStartInfo(Path.Combine(PostgreSqlPrograms.Folder!, "psql"),
            ["-h", address.Host!, "-p", address.Port.ToString(null, null), "-U", address.Username!, "-d", address.Database!, "-X", "-q", "-v", "ON_ERROR_STOP=1"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        if (address.Password is { } password)
            psql.Environment["PGPASSWORD"] = password;
        using var process = Process.Start(psql)!;
        process.BeginOutputReadLine();
        await process.StandardInput.WriteAsync(script);
        process.StandardInput.Close();
        var errors = await process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        Assert.Equal("", errors);
        Assert.Equal(0, process.ExitCode);
    }
}
