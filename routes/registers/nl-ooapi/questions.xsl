<?xml version="1.0" encoding="UTF-8"?>
<!--
  Which questions to OOAPI follow from its answers so far, in three rounds: who the learner is, what the learner has, and
  what that was about. The two versions name paths and fields differently.
-->
<xsl:stylesheet version="3.0"
    xmlns:j="http://www.w3.org/2005/xpath-functions"
    xmlns:f="urn:emrexhub:routes:nl-ooapi"
    xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    exclude-result-prefixes="#all"
    expand-text="yes">

  <xsl:output method="xml" encoding="UTF-8" indent="no"/>

  <xsl:param name="round" as="xs:string" required="yes"/>
  <xsl:param name="base" as="xs:string" required="yes"/>
  <xsl:param name="version" as="xs:string" required="yes"/>
  <xsl:param name="personParameter" as="xs:string" required="yes"/>
  <xsl:param name="onlyCompleted" as="xs:string" required="yes"/>
  <xsl:param name="identifierType" as="xs:string" required="yes"/>
  <xsl:param name="identifier" as="xs:string" required="yes"/>

  <xsl:variable name="v6" as="xs:boolean" select="$version = 'v6'"/>
  <!-- Code types of a person's identifiers, as v5 and v6 spell them. -->
  <xsl:variable name="code-types" as="xs:string*" select="
      if ($identifierType = 'nationalIdentifier') then ('nationalIdentityNumber', 'national_identity_number')
      else if ($identifierType = 'studentNumber') then ('studentNumber', 'student_number')
      else $identifierType"/>

  <xsl:template match="/">
    <!-- A page without items is no empty page, whatever its status was. -->
    <xsl:if test="exists($answers[j:string[@key='question'] = ('persons', 'associations', 'organisations')][empty(j:map[@key='answer']/j:array[@key='items'])])">
      <xsl:message terminate="yes" error-code="answer_unreadable">a page has no items</xsl:message>
    </xsl:if>
    <questions>
      <xsl:choose>
        <xsl:when test="$round = 'person'">
          <question name="persons" url="{$base}/persons?{$personParameter}={encode-for-uri($identifier)}"/>
        </xsl:when>
        <xsl:when test="$round = 'records'">
          <xsl:call-template name="records"/>
        </xsl:when>
        <xsl:when test="$round = 'offerings'">
          <xsl:call-template name="offerings"/>
        </xsl:when>
        <xsl:otherwise>
          <xsl:call-template name="courses"/>
        </xsl:otherwise>
      </xsl:choose>
    </questions>
  </xsl:template>

  <!-- A server may search more broadly than asked: only whoever has exactly this identifier is the learner. -->
  <xsl:template name="records">
    <xsl:variable name="persons" select="f:answers('persons')/j:array[@key='items']/j:map
        [(j:map[@key='primaryCode'], j:array[@key='otherCodes']/j:map)
          [j:string[@key='codeType'] = $code-types and j:string[@key='code'] = $identifier]]"/>
    <xsl:variable name="ids" select="distinct-values($persons/j:string[@key='personId'])"/>
    <xsl:if test="empty($ids)">
      <xsl:message terminate="yes" error-code="learner_not_found">no person has this identifier</xsl:message>
    </xsl:if>
    <xsl:if test="count($ids) gt 1">
      <xsl:message terminate="yes" error-code="register_fault">several persons have this identifier</xsl:message>
    </xsl:if>
    <xsl:variable name="person" select="$base || '/persons/' || encode-for-uri($ids)"/>
    <xsl:choose>
      <xsl:when test="$v6">
        <xsl:variable name="state" select="'role=student' || '&amp;resultState=completed'[$onlyCompleted = 'true']"/>
        <question name="associations" about="courses"
            url="{$person}/course-offering-associations?{$state}&amp;expand=course_offering,academic_session"/>
        <question name="associations" about="programmes" url="{$person}/programme-offering-associations?{$state}"/>
        <question name="organisations" url="{$base}/organisations?organisationType=root"/>
      </xsl:when>
      <xsl:otherwise>
        <xsl:variable name="state" select="'role=student' || '&amp;result-state=completed'[$onlyCompleted = 'true']"/>
        <question name="associations" about="courses" url="{$person}/associations?associationType=courseOffering&amp;{$state}"/>
        <question name="associations" about="programmes" url="{$person}/associations?associationType=programOffering&amp;{$state}"/>
        <question name="organisations" url="{$base}/organizations?organizationType=root"/>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- Offerings that are only named where they could have been given whole. -->
  <xsl:template name="offerings">
    <xsl:variable name="items" select="f:answers('associations')/j:array[@key='items']/j:map"/>
    <xsl:for-each select="distinct-values($items/j:string[@key='offering'])">
      <question name="offering" about="{.}" url="{$base}/offerings/{encode-for-uri(.)}?expand=course,program,academicSession"/>
    </xsl:for-each>
    <xsl:for-each select="distinct-values($items[empty(j:map[@key='courseOffering'])]/j:string[@key='courseOfferingId'])">
      <question name="offering" about="{.}" url="{$base}/course-offerings/{encode-for-uri(.)}?expand=course,academic_session"/>
    </xsl:for-each>
    <xsl:for-each select="distinct-values($items[empty(j:map[@key='programmeOffering'])]/j:string[@key='programmeOfferingId'])">
      <question name="offering" about="{.}" url="{$base}/programme-offerings/{encode-for-uri(.)}?expand=programme,academic_session"/>
    </xsl:for-each>
  </xsl:template>

  <!-- Courses and programmes that an offering only names. -->
  <xsl:template name="courses">
    <xsl:variable name="offerings" select="f:answers('offering'), f:answers('associations')/j:array[@key='items']/j:map
        /j:map[@key=('offering', 'courseOffering', 'programmeOffering')]"/>
    <xsl:for-each select="distinct-values(($offerings/j:string[@key='course'],
        $offerings[empty(j:map[@key='course'])]/j:string[@key='courseId']))">
      <question name="course" about="{.}" url="{$base}/courses/{encode-for-uri(.)}"/>
    </xsl:for-each>
    <xsl:for-each select="distinct-values($offerings/j:string[@key='program'])">
      <question name="programme" about="{.}" url="{$base}/programs/{encode-for-uri(.)}"/>
    </xsl:for-each>
    <xsl:for-each select="distinct-values($offerings[empty(j:map[@key='programme'])]/j:string[@key='programmeId'])">
      <question name="programme" about="{.}" url="{$base}/programmes/{encode-for-uri(.)}"/>
    </xsl:for-each>
  </xsl:template>

  <xsl:function name="f:answers" as="element(j:map)*">
    <xsl:param name="question" as="xs:string"/>
    <xsl:sequence select="$answers[j:string[@key='question'] = $question]/j:map[@key='answer']"/>
  </xsl:function>

  <xsl:variable name="answers" as="element(j:map)*" select="/j:map/j:array[@key='answers']/j:map"/>

</xsl:stylesheet>
