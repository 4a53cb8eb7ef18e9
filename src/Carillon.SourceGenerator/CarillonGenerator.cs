using Carillon.SourceGenerator.Diagnostics;
using Carillon.SourceGenerator.Emit;
using Carillon.SourceGenerator.Models;
using Carillon.SourceGenerator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Carillon.SourceGenerator;

/// <summary>
/// Writes the code that calls handlers, and <c>AddHandlers</c>, which adds them to a service. Code that cannot be understood is left
/// out here; the analyzers say what is wrong with it.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class CarillonGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        context.RegisterPostInitializationOutput(static output => output.AddEmbeddedAttributeDefinition());

        var classes = Handlers(context, KnownTypes.HandlerAttribute).Collect()
            .Combine(Handlers(context, KnownTypes.LocalHandlerAttribute).Collect())
            .SelectMany(static (both, _) => HandlerClassModel.Group(both.Left.Concat(both.Right)))
            .WithTrackingName(TrackingNames.Classes);
        context.RegisterSourceOutput(classes, static (output, model) =>
            output.AddSource(model.FileName, Code.Source(HandlerClassEmitter.Emit(model))));

        var handlers = classes.Collect()
            .Select(static (all, _) => new EquatableArray<HandlerModel>(all.SelectMany(model => model.Handlers)))
            .WithTrackingName(TrackingNames.Handlers);
        var messages = Messages(context, handlers);
        var registrations = classes.Collect()
            .Select(static (all, _) => new EquatableArray<HandlerRegistration>(all.Select(model => new HandlerRegistration(model.Class, model.GeneratedClass))))
            .WithTrackingName(TrackingNames.Registrations);
        RegisterWholeAssembly(context, handlers, messages, registrations);
    }

    private static void RegisterWholeAssembly(
        IncrementalGeneratorInitializationContext context,
        IncrementalValueProvider<EquatableArray<HandlerModel>> handlers,
        IncrementalValueProvider<EquatableArray<MessageModel>> messages,
        IncrementalValueProvider<EquatableArray<HandlerRegistration>> registrations)
    {
        var usesCarillon = context.CompilationProvider
            .Select(static (compilation, _) => compilation.GetTypeByMetadataName(KnownTypes.Builder) is not null)
            .WithTrackingName(TrackingNames.UsesCarillon);
        Register(context, registrations.Combine(usesCarillon), "CarillonHandlers.g.cs", RegistrationEmitter.Emit);
        Register(context, messages.Combine(usesCarillon), "CarillonMessages.g.cs", MessagesEmitter.Emit);
        Register(context, handlers.Combine(messages).Combine(usesCarillon), "CarillonManifest.g.cs",
            static model => ManifestEmitter.Emit(model.Left, model.Right));
    }

    private static void Register<T>(
        IncrementalGeneratorInitializationContext context, IncrementalValueProvider<(T Model, bool UsesCarillon)> input, string file, Func<T, CodeWriter> emit) =>
        context.RegisterSourceOutput(input, (output, value) =>
        {
            if (value.UsesCarillon)
                output.AddSource(file, Code.Source(emit(value.Model)));
        });

    private static IncrementalValuesProvider<HandlerModel> Handlers(IncrementalGeneratorInitializationContext context, string attribute) =>
        context.SyntaxProvider
            .ForAttributeWithMetadataName(
                attribute,
                static (node, _) => node is MethodDeclarationSyntax,
                static (found, _) => HandlerParser.Parse((IMethodSymbol)found.TargetSymbol, found.Attributes[0], found.SemanticModel.Compilation, new Findings()))
            .Where(static model => model is not null)
            .Select(static (model, _) => model!)
            .WithTrackingName(TrackingNames.Methods);

    private static IncrementalValueProvider<EquatableArray<MessageModel>> Messages(
        IncrementalGeneratorInitializationContext context, IncrementalValueProvider<EquatableArray<HandlerModel>> handlers) =>
        Declared(context, KnownTypes.EventAttribute).Collect()
            .Combine(Declared(context, KnownTypes.CommandAttribute).Collect())
            .Combine(Published(context).Collect())
            .Combine(handlers)
            .Select(static (all, _) =>
            {
                var ((declared, published), handlers) = all;
                return new EquatableArray<MessageModel>(declared.Left
                    .Concat(declared.Right)
                    .Concat(published)
                    .Concat(handlers.Select(handler => handler.Message).OfType<MessageModel>())
                    .Concat(handlers.SelectMany(handler => handler.Published))
                    .Distinct()
                    .OrderBy(message => message.Type.FullName, StringComparer.Ordinal));
            })
            .WithTrackingName(TrackingNames.Messages);

    private static IncrementalValuesProvider<MessageModel> Declared(IncrementalGeneratorInitializationContext context, string attribute) =>
        context.SyntaxProvider
            .ForAttributeWithMetadataName(
                attribute,
                static (node, _) => node is TypeDeclarationSyntax,
                static (found, _) => MessageParser.Parse((ITypeSymbol)found.TargetSymbol, found.SemanticModel.Compilation.Assembly, new Findings()))
            .Where(static model => model is not null)
            .Select(static (model, _) => model!)
            .WithTrackingName(TrackingNames.Declared);

    private static IncrementalValuesProvider<MessageModel> Published(IncrementalGeneratorInitializationContext context) =>
        context.SyntaxProvider
            .CreateSyntaxProvider(
                static (node, _) => PublishedTypes.IsCandidate(node),
                static (found, cancellation) =>
                    found.SemanticModel.GetSymbolInfo(found.Node, cancellation).Symbol is IMethodSymbol method && PublishedTypes.Of(method) is { } type
                        ? MessageParser.Parse(type, found.SemanticModel.Compilation.Assembly, new Findings())
                        : null)
            .Where(static model => model is not null)
            .Select(static (model, _) => model!)
            .WithTrackingName(TrackingNames.Published);
}
