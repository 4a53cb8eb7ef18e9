using Carillon.SourceGenerator.Diagnostics;
using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Parsing;

/// <summary>Checks that generated code can call a handler.</summary>
internal static class HandlerReach
{
    public static void Check(IMethodSymbol method, string name, IAssemblySymbol from, Findings findings)
    {
        if (ReasonAgainst(method, from) is { } reason)
            findings.Add(Rules.NotReachable, method, name, reason);
    }

    private static string? ReasonAgainst(IMethodSymbol method, IAssemblySymbol from)
    {
        if (method.MethodKind != MethodKind.Ordinary || method.ContainingType is not { } type)
            return "it is not an ordinary method; move it to a method of a class";
        if (!Reach.IsMemberReachable(method))
            return "it is private or protected; make it public or internal";
        if (method.IsGenericMethod)
            return "it has type parameters; write one handler per message";
        if (method.ReturnsByRef || method.ReturnsByRefReadonly)
            return "it returns by reference";
        if (method.Parameters.FirstOrDefault(parameter => parameter.RefKind != RefKind.None) is { } byReference)
            return $"its parameter '{byReference.Name}' is passed by reference; take it by value";
        return ReasonAgainst(type, method, from);
    }

    private static string? ReasonAgainst(INamedTypeSymbol type, IMethodSymbol method, IAssemblySymbol from)
    {
        if (Reach.IsGeneric(type))
            return "its class has type parameters; move it to a class without";
        if (!Reach.IsReachable(type, from))
            return "its class is private, protected or local to a file; make it public or internal";
        if (method.IsStatic)
            return method.IsAbstract ? "it is abstract; mark the method that implements it" : null;
        if (method.IsAbstract || type.TypeKind == TypeKind.Interface)
            return "it is abstract; mark the method that implements it";
        if (type.IsAbstract)
            return "its class is abstract; move it to a class that can be created, or make it static";
        return type.TypeKind == TypeKind.Class ? null : "it needs an instance of a struct; move it to a class, or make it static";
    }
}
