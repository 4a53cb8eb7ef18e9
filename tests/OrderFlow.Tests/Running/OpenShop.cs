namespace OrderFlow.Tests.Running;

/// <summary>One shop in one process, shared by the tests of a class.</summary>
public sealed class OpenShop : IAsyncLifetime
{
    private readonly ShopFolder _folder = new();
    private ShopProgram? _program;

    internal HttpClient Http => _program!.Http;

    public async ValueTask InitializeAsync() => _program = await ShopProgram.StartAsync(_folder.Path);

    public async ValueTask DisposeAsync()
    {
        if (_program is not null)
            await _program.DisposeAsync();
        _folder.Dispose();
    }
}
