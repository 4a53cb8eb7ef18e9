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

    private CompiledHandlers(params IEnumerable<Stream> images) => _assembly = images.Select(_loading.LoadFromStream).ToArray()[^1];

    public RecordingBuilder Builder { get; } = new();

    public SilentBus Bus { get; } = new();

    public static CompiledHandlers Compile(string source)
    {
        MetadataReference[] sample = [MetadataReference.CreateFromFile(typeof(Sample).Assembly.Location)];
        var compilation = TestCompilation.Create("Compiled", sample, $"using static {typeof(Sample).FullName};\nnamespace Compiled;\n{source}");
        return new(Emit(GeneratorRun.Of(Optimized(compilation)).AssertCompiles().Output));
    }

    /// <summary>Compiles messages into one assembly and their handlers into another one.</summary>
    public static CompiledHandlers CompileApart(string contracts, string handlers)
    {
        var first = Optimized(TestCompilation.Create("Contracts", [], $"namespace Contracts;\n{contracts}"));
        var second = Optimized(TestCompilation.Create("Compiled", [first.ToReference()], $"using Contracts;\nnamespace Compiled;\n{handlers}"));
        return new(Emit(first), Emit(GeneratorRun.Of(second).AssertCompiles().Output));
    }

    private static Compilation Optimized(Compilation compilation) =>
        compilation.WithOptions(compilation.Options.WithOptimizationLevel(OptimizationLevel.Release));

    private static MemoryStream Emit(Compilation compilation)
    {
        var image = new MemoryStream();
        var result = compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join(Environment.NewLine, result.Diagnostics));
        image.Position = 0;
        return image;
    }

    /// <summary>The type of a class in the source.</summary>
    public Type TypeOf(string name) => _assembly.GetType($"Compiled.{name}", throwOnError: true)!;

    /// <summary>Calls the generated <c>AddHandlers</c>.</summary>
    public CompiledHandlers Add(params Type[] classes)
    {
        AddTo(Builder, classes);
        return this;
    }

    /// <summary>Calls the generated <c>AddHandlers</c> with another builder, such as that of a host.</summary>
    public void AddTo(ICarillonBuilder carillon, params Type[] classes)
    {
        var add = _assembly.GetType("Carillon.CarillonHandlers", throwOnError: true)!.GetMethod("AddHandlers", BindingFlags.Static | BindingFlags.NonPublic)!;
        add.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [carillon, classes], null);
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

    /// <summary>The key of a message, as the definition that the only handler was generated with reads it.</summary>
    public string? KeyOf(object message) => Builder.Handlers.Single().Message!.Accept(KeyReader.Instance, message);

    public void Dispose() => _loading.Unload();

    private sealed class KeyReader : IMessageVisitor<object, string?>
    {
        public static readonly KeyReader Instance = new();

        public string? Visit<TMessage>(MessageDefinition<TMessage> definition, object state)
            where TMessage : notnull => definition.Key!((TMessage)state);
    }
}
