using Carillon.SourceGenerator.Diagnostics;
using Carillon.SourceGenerator.Emit;
using Carillon.SourceGenerator.Models;
using Carillon.SourceGenerator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Carillon.SourceGenerator;

/// <summary>
/// Writes the code that calls handlers, and <c>AddHandlers</c>, which adds them to a service. Code that cannot be understood is left
/// out here; the analyzers say what is wrong with it. Where the project's C# is too old for what is written, nothing is.
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
        var project = context.CompilationProvider.Select(static (compilation, _) => ProjectParser.Parse(compilation)).WithTrackingName(TrackingNames.Project);
        context.RegisterSourceOutput(classes.Combine(project), static (output, input) =>
        {
            var (model, project) = input;
            if (project.CompilesGenerated)
                output.AddSource(model.FileName, Code.Source(HandlerClassEmitter.Emit(model)));
        });

        var handlers = classes.Collect()
            .Select(static (all, _) => new EquatableArray<HandlerModel>(all.SelectMany(model => model.Handlers)))
            .WithTrackingName(TrackingNames.Handlers);
        var messages = Messages(context, handlers);
        var registrations = classes.Collect()
            .Select(static (all, _) => new EquatableArray<HandlerRegistration>(all.Select(model => new HandlerRegistration(model.Class, model.GeneratedClass))))
            .WithTrackingName(TrackingNames.Registrations);
        RegisterWholeAssembly(context, project, handlers, messages, registrations);
    }

    private static void RegisterWholeAssembly(
        IncrementalGeneratorInitializationContext context,
        IncrementalValueProvider<ProjectModel> project,
        IncrementalValueProvider<EquatableArray<HandlerModel>> handlers,
        IncrementalValueProvider<EquatableArray<MessageModel>> messages,
        IncrementalValueProvider<EquatableArray<HandlerRegistration>> registrations)
    {
        Register(context, registrations.Combine(project), "CarillonHandlers.g.cs", static (registrations, project) => RegistrationEmitter.Emit(registrations, project.UsesContexts));
        Register(context, messages.Combine(project), "CarillonMessages.g.cs", static (messages, _) => MessagesEmitter.Emit(messages));
        Register(context, handlers.Combine(messages).Combine(project), "CarillonManifest.g.cs",
            static (model, project) => ManifestEmitter.Emit(model.Left, model.Right, project.HasRawText));
    }

    private static void Register<T>(
        IncrementalGeneratorInitializationContext context, IncrementalValueProvider<(T Model, ProjectModel Project)> input, string file, Func<T, ProjectModel, CodeWriter> emit) =>
        context.RegisterSourceOutput(input, (output, value) =>
        {
            if (value.Project is { UsesCarillon: true, CompilesGenerated: true })
                output.AddSource(file, Code.Source(emit(value.Model, value.Project)));
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
