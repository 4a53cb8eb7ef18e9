using System.Reflection;
using System.Runtime.Loader;
using Carillon.SourceGenerator.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.SourceGenerator.Tests.Running;

/// <summary>Handlers that were compiled with the code generated for them, loaded, and added to a builder.</summary>
internal sealed class CompiledHandlers : IDisposable
{
    private readonly AssemblyLoadContext _loading = new("handlers", isCollectible: true);
    private readonly Assembly _assembly;

    private CompiledHandlers(Stream image) => _assembly = _loading.LoadFromStream(image);

    public RecordingBuilder Builder { get; } = new();

    public SilentBus Bus { get; } = new();

    public static CompiledHandlers Compile(string source)
    {
        MetadataReference[] sample = [MetadataReference.CreateFromFile(typeof(Sample).Assembly.Location)];
        var compilation = TestCompilation.Create("Compiled", sample, $"using static {typeof(Sample).FullName};\nnamespace Compiled;\n{source}");
        var optimized = compilation.WithOptions(compilation.Options.WithOptimizationLevel(OptimizationLevel.Release));
        var image = new MemoryStream();
        var result = GeneratorRun.Of(optimized).AssertCompiles().Output.Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join(Environment.NewLine, result.Diagnostics));
        image.Position = 0;
        return new(image);
    }

    /// <summary>The type of a class in the source.</summary>
    public Type TypeOf(string name) => _assembly.GetType($"Compiled.{name}", throwOnError: true)!;

    /// <summary>Calls the generated <c>AddHandlers</c>.</summary>
    public CompiledHandlers Add(params Type[] classes)
    {
        var add = _assembly.GetType("Carillon.CarillonHandlers", throwOnError: true)!.GetMethod("AddHandlers", BindingFlags.Static | BindingFlags.NonPublic)!;
        add.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [Builder, classes], null);
        return this;
    }

    /// <summary>A context with the services that were registered.</summary>
    public RecordingContext CreateContext(CancellationToken cancellation = default) =>
        new(Builder.Services.BuildServiceProvider(validateScopes: true).CreateScope().ServiceProvider, Bus, cancellation);

    /// <summary>Runs the only handler and says what it returned.</summary>
    public async Task<List<(Type Type, object Message)>> RunAsync(object message)
    {
        var context = CreateContext(TestContext.Current.CancellationToken);
        await Builder.Handlers.Single().InvokeAsync(message, context, context.Cancellation);
        return context.Returned;
    }

    public void Dispose() => _loading.Unload();
}
