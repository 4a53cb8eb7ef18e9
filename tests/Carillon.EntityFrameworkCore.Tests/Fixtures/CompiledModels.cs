using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design.Internal;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Scaffolding;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>Models as <c>dotnet ef dbcontext optimize</c> writes them, of this very version, compiled here: checked in they would be long, one for each database, and soon of another version.</summary>
internal static class CompiledModels
{
    private const string Namespace = "Compiled";

    private static readonly ConcurrentDictionary<string, Lazy<IModel>> _models = new(StringComparer.Ordinal);

    /// <summary>The compiled model of a context, on the database that its options name.</summary>
    public static IModel Of<TContext>(DbContextOptionsBuilder<TContext> options, Func<DbContextOptions<TContext>, TContext> create)
        where TContext : DbContext
    {
        using var context = create(options.Options);
        return _models.GetOrAdd($"{typeof(TContext)} {context.Database.ProviderName}", _ => new(() => Compile(context))).Value;
    }

    private static IModel Compile(DbContext context)
    {
        var folder = Directory.CreateTempSubdirectory("carillon-model-");
        try
        {
            var sources = Write(context, folder.FullName).Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), path: file)).ToArray();
            var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
            using var image = new MemoryStream();
            var emitted = CSharpCompilation
                .Create(folder.Name, sources, references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true))
                .Emit(image);
            Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
            var model = Assembly.Load(image.ToArray()).GetType($"{Namespace}.{context.GetType().Name}Model", throwOnError: true)!;
            return (IModel)model.GetProperty("Instance")!.GetValue(null)!;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

#pragma warning disable EF1001 // What the tool does is offered in no other way.
    private static IReadOnlyList<string> Write(DbContext context, string folder)
    {
        var assembly = context.GetType().Assembly;
        return new DesignTimeServicesBuilder(assembly, assembly, new OperationReporter(handler: null), [])
            .Build(context)
            .GetRequiredService<ICompiledModelScaffolder>()
            .ScaffoldModel(
                context.GetService<IDesignTimeModel>().Model,
                folder,
                new CompiledModelCodeGenerationOptions { ModelNamespace = Namespace, ContextType = context.GetType(), UseNullableReferenceTypes = true, Language = "C#" });
    }
#pragma warning restore EF1001
}
